#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The oracles of docs/oracles.md. Fails if a planted mistake is not reported under its name on each port and by the
explorer, or is still reported if its oracle is taken out of a copy of the source. tests/lab/oracles_plant.c
plants those of spaces. Names as arguments select the oracles to take out, and then nothing else is tested."""
from __future__ import annotations

import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from changed import SOURCE, Wrong, build, change, copy
from tap import FAIL, NOT_RUN, NOTHING_SHOWN, PLACE, ROOT, Result, boot, call, check, finish, skip
from zapwalk import log as zapwalk_log

PORTS = {"x86-pc": None, "s390x": "s390x-linux-gnu-gcc", "mips": "mips-linux-gnu-gcc"}  # and the needed compiler
VALID = re.compile(r"^# valid: lab\.plant=(\w+)  \((.*)\)$", re.MULTILINE)
IN_STRESS = ("damage", "overlap")
BY_HARDWARE = ("way", "table")  # where hardware fills TLBs by itself
IN_SPACES = ("outside", "right", "mapped", "shared", "missed", "empty", "exit")  # these need a row with a program and its child
IN_SWAP = ("slot", "swapped")  # these need a row with a page of one space alone
IN_FILES = ("foreign", "private", "store", "clean")  # and these one with writeback of a file
BUILT = ("build/x86/lab", "build/explore/split")  # build products are copied, so make compiles only the changed files

# The plant left without an answer, a file, a text found there once, and its replacement without the oracle.
REMOVED = (
    ("leak", "tests/lab/variant.c", "zone_free_frames() != v->free_frames &&", "zone_free_frames() != v->free_frames && 0 &&"),
    ("leak", "tools/interleave/lab.c", "zone_free_frames() != free_frames)", "zone_free_frames() != free_frames && 0)"),
    ("reference", "tests/lab/frames.c", "if (page_count(page) != 1)", "if (page_count(page) != 1 && 0)"),
    ("arena", "tests/lab/frames.c", "!is_intact(page_to_pfn(page))", "!is_intact(page_to_pfn(page)) && 0"),
    ("accusation", "tests/lab/report.c", 'failed(v, outcome, tries, "violated", v->saw)', 'passed(v, outcome, tries, "held")'),
    ("accusation", "tools/interleave/lab.c", "if (verdict == VIOLATED) {", "if (verdict == VIOLATED && 0) {"),
    ("accusation", "tools/interleave/lab.c", "return lab_judge(&variant) == VIOLATED ?", "return lab_judge(&variant) == VIOLATED && 0 ?"),
    ("evidence", "tests/lab/report.c", 'failed(v, outcome, tries, "no_evidence", reason)', 'passed(v, outcome, tries, "held")'),
    ("evidence", "tools/interleave/main.c", "if (!result->end[CLASS_HELD])", "if (!result->end[CLASS_HELD] && 0)"),
    ("outside", "tests/lab/oracles.c", "if (!vma)", "if (!vma)\n		return NULL;\n	if (!vma)"),
    ("right", "tests/lab/oracles.c", "if (exceeds(pte, vma->flags))", "if (exceeds(pte, vma->flags) && 0)"),
    ("mapped", "tests/lab/oracles.c", "if (references != counted->entries + counted->cached + in_swap)", "if (references != counted->entries + counted->cached + in_swap && 0)"),
    ("shared", "tests/lab/oracles.c", "if (counted->entries > 1 && counted->writable &&", "if (counted->entries > 1 && 0 && counted->writable &&"),
    ("missed", "tests/lab/oracles.c", "if (found == counted->entries ||", "if (true ||"),
    ("empty", "tests/lab/oracles.c", "if (!wrong && !may_have_table(v, mm, part.start))", "if (!wrong && !may_have_table(v, mm, part.start) && 0)"),
    ("foreign", "tests/lab/oracles.c", "if (!cached && vma->flags & VM_SHARED)", "if (!cached && 0)"),
    ("private", "tests/lab/oracles.c", "if (cached && !(vma->flags & VM_SHARED)", "if (0 && cached && !(vma->flags & VM_SHARED)"),
    ("store", "tests/lab/oracles.c", "page_checksum(cached->store) != cached->checksum)", "0)"),
    ("clean", "tests/lab/oracles.c", "if (!cached->dirty && page_checksum(cached->page) != cached->checksum)", "if (0)"),
    ("slot", "tests/lab/oracles_swap.c", "if (slot->count != census->swapped[i])", "if (slot->count != census->swapped[i] && 0)"),
    ("swapped", "tests/lab/oracles_swap.c", "!is_as_written(slot))", "!is_as_written(slot) && 0)"),
    ("taken", "tests/lab/frames.c", 'complaint = "a slot of', 'if (0) complaint = "a slot of'),
    ("zero", "tests/lab/oracles.c", "if (!found)", "if (!found || 1)"),
    ("scrub", "tests/lab/variant.c", "frames_scrub() && !cell_must_break(v->cell)", "frames_scrub() && 0"),
    ("poison", "tests/lab/judge.c", "if (!when || verdict == VIOLATED)", "if (true)"),
    ("damage", "tests/lab/stress.c", "if (frames_damaged()) {", "if (frames_damaged() && 0) {"),
    ("walkers", "tests/lab/variant.c", "if (!agree && !outcome.complaint)", "if (!agree && 0)"),
    ("order", "tests/lab/trace.c", "if (trace.entry[i].ticket <= *before)", "if (trace.entry[i].ticket <= *before && 0)"),
    ("loss", "tests/lab/judge.c", "return !lost && ", "return lost != ~0u && "),
    ("script", "tests/lab/choreo.c", "lab.released_by[i] && lab.released_by[i] != BY_END)", "(true || lab.released_by[i]))"),
    ("stuck", "tests/lab/variant.c", "outcome.complaint = choreo_stuck();", "outcome.complaint = NULL;"),
    ("stuck", "tests/lab/choreo.c", " && !lab.stuck[0];", ";"),
    ("overlap", "tests/lab/trace.c", "	return span(0,", "	if (true)\n		return true;\n	return span(0,"),
    ("irqs", "tools/interleave/lab.c", "if (!irqs_enabled())", "if (!irqs_enabled() && 0)"),
    ("tlb", "tools/interleave/justified.c", "if (!(mm->cpumask & BIT(n)) ||", "if (true || !(mm->cpumask & BIT(n)) ||"),
    ("way", "tools/interleave/justified.c", "fill_unjustified(&model_cpu[n], &va)) {", "fill_unjustified(&model_cpu[n], &va) && 0) {"),
    ("table", "tools/interleave/justified.c", '	snprintf(words, sizeof(words), "the hardware of CPU %u walks',
     '	if (true)\n		return NULL;\n	snprintf(words, sizeof(words), "the hardware of CPU %u walks'),
)
ANSWERED_BY = {"exit": "leak"}  # the oracle of the second plant answers the first one too


class Plant:
    """One row of the table in docs/oracles.md."""

    def __init__(self, name: str, where: str, does: str, answer: str):
        self.name, self.where, self.does = name, where, does
        self.result, _, self.says = answer.partition(": ")
        self.oracle = ANSWERED_BY.get(name, name)

    def is_for(self, where: str) -> bool:
        return self.where in (where, "both")

    def answered(self, result: Result) -> bool:
        """Whether its oracle spoke, in a cell of a row with every guard on or in the output of tools/run."""
        if self.result == "run":
            return self.says in result.text
        kind = "violated" if self.result == "broken" and "/explored" in str(result.path) else self.result
        cells = result.log.all("cell") if result.log else []
        return any(cell.get("result") == kind and cell.get("guard") == "none" and self.says in cell.get("reason")
                   for cell in cells)


def documented() -> list[Plant]:
    rows = re.findall(r"^\| `lab\.plant=(\w+)` \| (\w+) \| (.*) \| `(.*)` \|$",
                      (ROOT / "docs/oracles.md").read_text(encoding="utf-8"), re.MULTILINE)
    return [Plant(*row) for row in rows]


def row_for(plant: Plant) -> str:
    return "space/mkclean" if plant.name in IN_FILES else "space/swap-store" if plant.name in IN_SWAP else "tlb/stale"


def plant_in_lab(plant: Plant, machine: str, *options: str) -> Result:
    mode = "mode=stress seconds=1 iters=5" if plant.name in IN_STRESS else "mode=choreo"
    name = f"{plant.name}-{machine}{'-blind' if options else ''}"
    row = "tlb/cow-copy" if plant.name in IN_SPACES else row_for(plant)
    return boot(f"run={row} {mode} lab.plant={plant.name}", ("--machine", machine, *options), name)


def options_for(plant: Plant) -> str:
    row = "explore/hardware-walk" if plant.name in BY_HARDWARE else "explore/oracle-fork" if plant.name in IN_SPACES else ""
    return f"run={row or row_for(plant)} model=sc lab.plant={plant.name}"


def plant_in_explorer(plant: Plant) -> Result:
    place = PLACE / f"explored-{plant.name}"
    result = call(["tools/explorer", "--logs", str(place), *options_for(plant).split()])
    result.path = place / "explored-split.log"
    result.log = zapwalk_log.read(result.path) if result.path.exists() else None
    return result


def valid_ones(text: str) -> dict[str, str]:
    return dict(VALID.findall(text))


def did_not_happen(result: Result) -> bool:
    """Whether the lab says that it came to no place for the plant."""
    return bool(result.log and [event for event in result.log.all("missing") if "did not happen" in event.get("what")])


def each_is_reported(plants: list[Plant], pool: ThreadPoolExecutor) -> None:
    for machine, compiler in PORTS.items():
        if compiler and not shutil.which(compiler):
            skip(f"the plants on {machine}", f"no {compiler}: tools/setup test")
            continue
        if compiler:
            built = call(["make", f"MACHINE={machine}", "lab"], seconds=600)
            check(built.status == 0, f"{machine}: the lab is built", built.text)
        ours = [plant for plant in plants if plant.is_for("lab")]
        for plant, result in zip(ours, pool.map(lambda plant: plant_in_lab(plant, machine), ours)):
            status = NOTHING_SHOWN if plant.name == "overlap" else FAIL
            check(result.status == status and plant.answered(result) and not did_not_happen(result),
                  f"{machine} lab.plant={plant.name}: {plant.says}", result.text)
            said = result.log.first("plant") if result.log else None
            check(said and (said.get("does"), said.get("answer")) == (plant.does, f"{plant.result}: {plant.says}"),
                  f"{machine} lab.plant={plant.name}: the log says what is planted, as docs/oracles.md does", said)
    ours = [plant for plant in plants if plant.is_for("explorer")]
    for plant, result in zip(ours, pool.map(plant_in_explorer, ours)):
        check(result.status == FAIL and plant.answered(result) and not did_not_happen(result),
              f"make explore ARGS=lab.plant={plant.name}: {plant.says}", result.text)


def names_are_refused(plants: list[Plant]) -> None:
    """An unknown name must be refused, and the valid names must be those of docs/oracles.md. A planted mistake that
    never happens makes the run incomplete."""
    for machine, compiler in PORTS.items():
        if compiler and not shutil.which(compiler):
            continue
        result = boot("lab.plant=leek", ("--machine", machine), name=f"leek-{machine}")
        text = result.path.read_text(encoding="utf-8", errors="replace").replace("\r", "") if result.path else ""
        wanted = {plant.name: plant.does for plant in plants if plant.is_for("lab")}
        check(result.status == NOT_RUN and result.says("did you mean lab.plant=leak?") and valid_ones(text) == wanted,
              f"{machine} lab.plant=leek: refused, and the valid ones are those of docs/oracles.md",
              valid_ones(text).keys() ^ wanted.keys(), result.text)
    result = call(["build/explore/zapwalk-explore-split", "lab.plant=scrub"])
    wanted = {plant.name: plant.does for plant in plants if plant.is_for("explorer")}
    check(result.status == NOT_RUN and valid_ones(result.text) == wanted,
          "the explorer refuses lab.plant=scrub, and the valid ones are those of docs/oracles.md", result.text)
    result = boot("run=hw/above-4G lab.plant=script", name="unfired")
    check(result.says("INCOMPLETE", "lab.plant=script did not happen"), "a plant that nobody came by: incomplete", result.text)


def without_oracles(names: set[str]) -> Path | None:
    """Makes a copy of the source in which these oracles are blind, and builds its x86 image and an explorer."""
    place = PLACE / "blind"
    copy(place, *SOURCE)
    for name in BUILT:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        copied = call(["tools/locked", "build", "cp", "-a", name, str(place / name)])
        check(copied.status == 0, f"{name} is copied while nobody builds in it", copied.text)
    for name, path, there, instead in REMOVED:
        if name not in names:
            continue
        try:
            change(place, path, there, instead)
        except Wrong as wrong:
            check(False, f"{name}: {path} has what is to be taken out", str(wrong))
    failed = build(place, "build/x86/lab/zapwalk.elf", "build/explore/zapwalk-explore-split")
    return place if check(not failed, "without its oracles the lab compiles", failed) else None


def nobody_answers(plants: list[Plant], pool: ThreadPoolExecutor) -> None:
    place = without_oracles({plant.oracle for plant in plants})
    if not place:
        return
    ours = [plant for plant in plants if plant.is_for("lab")]
    image = ("--image", str(place / "build/x86/lab/zapwalk.elf"))
    for plant, result in zip(ours, pool.map(lambda plant: plant_in_lab(plant, "x86-pc", *image), ours)):
        check(result.log and result.log.done and not plant.answered(result),
              f"lab.plant={plant.name}, and its oracle taken out: nobody answers", result.text)
    for plant in [plant for plant in plants if plant.is_for("explorer")]:
        result = call([str(place / "build/explore/zapwalk-explore-split"), *options_for(plant).split()])
        result.log, result.path = zapwalk_log.parse(result.text.splitlines(), "explored-split"), PLACE / "explored"
        check(result.log.done and not plant.answered(result), f"the explorer, lab.plant={plant.name}, and its oracle taken "
              "out: nobody answers", result.text)


def main() -> None:
    plants = documented()
    blind = [plant for plant in plants if plant.oracle in {row[0] for row in REMOVED}]
    check({plant.name for plant in plants} - {plant.name for plant in blind} == {"plan", "count"},
          "each oracle of the lab and of the explorer is taken out; the runner's are in tests/self/boot/test_log.py")
    with ThreadPoolExecutor(2) as pool:
        if sys.argv[1:]:
            nobody_answers([plant for plant in blind if plant.name in sys.argv[1:]], pool)
        else:
            each_is_reported(plants, pool)
            names_are_refused(plants)
            nobody_answers(blind, pool)
    finish()


main()
