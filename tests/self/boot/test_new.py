#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make new-scenario, typed as docs/adding.md says. Fails if it does not make the page's worked example, or if the
example does not hold, or is not caught on every port by its script, in stress and in the explorer."""
from __future__ import annotations

import re
from pathlib import Path

from tap import NOT_RUN, ROOT, Result, call, check, finish, source_copy
from zapwalk import log as zapwalk_log
from zapwalk.explored import MODELS
from zapwalk.log import Event

PORTS = {"x86-pc": "shootdown", "s390x": "invalidate_at_clear", "mips": "shootdown"}  # by machine, the guard that keeps the rule there
BUILT = ("x86", "s390x", "mips", "explore")
ANYBODY = ("-c", "user.name=nobody", "-c", "user.email=nobody@localhost")
MEETS = "x86-pc"  # on one host thread, its free-running CPUs meet however busy the host is
NAME, HARNESS = "tlb/example", "explore/example"
CHANCES = 5  # boots for stress to meet the window
MAKE = ["make", "--no-print-directory"]
PAGE = (ROOT / "docs/adding.md").read_text(encoding="utf-8")


def a_clone() -> Path:
    """Makes a repository of its own with the source and its build products, so make compiles only the new files."""
    for machine in PORTS:
        built = call([*MAKE, "lab", f"MACHINE={machine}"])
        check(built.status == 0, f"{machine}: the image is built", built.text)
    place = source_copy("clone")
    call(["git", "init", "-q"], place=place)
    call(["git", "add", "-A"], place=place)
    call(["git", *ANYBODY, "commit", "-q", "-m", "All of it"], place=place)
    (place / "build").mkdir()
    call(["tools/locked", "build", "cp", "-a", *(f"build/{name}" for name in BUILT), str(place / "build")])
    return place


def status_of(place: Path) -> list[str]:
    return sorted(call(["git", "status", "--porcelain"], place=place).text.splitlines())


def typed(place: Path) -> Result:
    """Runs the line typed by the reader of docs/adding.md."""
    line = re.search(r"^ {4}(make new-scenario .*)$", PAGE, re.MULTILINE)
    check(line, "adding.md says what to type")
    return call(["sh", "-c", line.group(1) if line else "false"], place=place, seconds=300)


def is_the_page(place: Path) -> None:
    blocks = re.findall(r"^```c\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    check(len(blocks) == 2, "adding.md has the example, and the model of a scenario")
    made = (place / f"tests/{NAME}.c").read_text(encoding="utf-8")
    check(blocks and made == blocks[0].replace("replaced", "example"), "what is made is that example", made)


def cells(result: Result, place: Path) -> list[Event]:
    """Returns the cells of the new scenario from the logs named in the output."""
    named = re.search(r"^raw logs?: (.*)$", result.text, re.MULTILINE)
    paths = [place / path for path in named.group(1).split(", ")] if named else []
    return [cell for path in paths if path.is_file() for cell in zapwalk_log.read(path).all("cell")
            if cell.get("scenario") == NAME]


def results(found: list[Event], mode: str, guard: str) -> list[str]:
    return [cell.get("result") for cell in found if (cell.get("mode"), cell.get("guard")) == (mode, guard)]


def run(place: Path, machine: str, options: str, *settings: str) -> Result:
    return call([*MAKE, "run", f"MACHINE={machine}", f"ARGS=run={NAME} {options}", *settings], place=place, seconds=300)


def stress_catches(place: Path, machine: str, found: list[Event]) -> bool:
    """Whether stress catches the missing guard in one of several boots, because chance decides each of them."""
    for _ in range(CHANCES):
        if results(found, "stress", PORTS[machine]) == ["caught"]:
            return True
        found = cells(run(place, machine, "mode=stress", "ACCEL=tcg,thread=single"), place)
    return False


def runs_on(machine: str, first: Result, place: Path) -> None:
    found, guard = cells(first, place), PORTS[machine]
    check(first.status == 0, f"{machine}: passes", first.text)
    check(results(found, "choreo", "none") == ["held"], f"{machine}: holds by its script", first.text)
    check(results(found, "choreo", guard) == ["caught"], f"{machine}: caught by its script, {guard} off", first.text)
    check(results(found, "stress", "none") in (["held"], ["skipped"]), f"{machine}: not broken in stress", first.text)
    if machine == MEETS:
        check(stress_catches(place, machine, found), f"{machine}: caught in stress, {guard} off", first.text)
    broken = run(place, machine, f"guard.{guard}=off mode=choreo")
    check(broken.status == 2 and broken.says("after the replacement CPU", "Witness of point"),
          f"{machine}: {guard}=off fails, and says what was seen", broken.text)


def explored(place: Path) -> None:
    result = call([*MAKE, "explore", f"ARGS=run={NAME},{HARNESS}*"], place=place, seconds=600)
    found = cells(result, place)
    check(result.status == 0, "make explore passes", result.text)
    for model in MODELS:
        held = results(found, model, "none")
        check(held == ["held"] * 4, f"{model}: holds on four machines", held, result.text)
        caught = {guard: results(found, model, guard).count("caught") for guard in set(PORTS.values())}
        check(caught == {"shootdown": 3, "invalidate_at_clear": 1}, f"{model}: caught on each", caught, result.text)
    check(result.says(f"  {HARNESS}\n", f"  {HARNESS}-plain\n"), "the harness was explored too", result.text)


def mistakes(place: Path) -> None:
    before = status_of(place)
    for name, part in ((NAME, f"already, in tests/{NAME}.c"), ("tlb/stale", "already, in tests/tlb/stale.c"),
                       ("explore/mailbox-plain", "already, in tests/self/explore/mailbox.c"),
                       ("tbl/example", "Did you mean tlb/example?"), ("hw/example", "one of pte tlb walk"),
                       ("tlb/Example", "small letters"), ("tlb/../x", "small letters"), ("tlb", "Valid:"), ("", "Valid:")):
        result = call(["tools/new"], place=place, NAME=name)
        check(result.status == NOT_RUN and part in result.text and "Traceback" not in result.text,
              f"NAME={name}: refused, {part}", result.text)
    check(status_of(place) == before, "and nothing was made", *status_of(place))


def clashes(place: Path) -> None:
    """The name of a new scenario may already be used by C, a header or the template. It must still compile."""
    names = ("36bit", "switch", "shootdown", "judge", "gup-fast", "reader")
    made = [call([*MAKE, "new-scenario", f"NAME=gup/{name}"], place=place) for name in names]
    built = call([*MAKE, *(f"build/x86/lab/tests/gup/{name.replace('-', '_')}.c.o" for name in names)], place=place)
    check(all(result.status == 0 for result in made) and built.status == 0, f"names in use elsewhere: {' '.join(names)}",
          *(result.text for result in made), built.text)


def taken_away(place: Path) -> None:
    """If the file of a scenario is removed, the next build must link the image without it."""
    image = place / "build/x86/lab/zapwalk.elf"
    check(NAME.encode() in image.read_bytes(), "the image has the scenario")
    (place / f"tests/{NAME}.c").unlink()
    for path in place.glob("tests/gup/*.c"):
        if f"?? tests/gup/{path.name}" in status_of(place):
            path.unlink()
    built = call([*MAKE, "lab"], place=place)
    check(built.status == 0 and NAME.encode() not in image.read_bytes(), "and not when its file is gone", built.text)


HELD_STEP = "STEP(READER, role_middle, REACHED(WRITER, role_done))"  # of the example
MISTAKES = {  # the text written in its place, and the kernel's answer
    "a step that is never reached": ("STEP(READER, walk_begin, REACHED(WRITER, role_done))",
                                     "step 1 of the script was not reached: reader did not come to walk_begin"),
    "a step that nothing releases": ("STEP(READER, role_middle, REACHED(WRITER, walk_begin))",
                                     "step 1 of the script was left by none of its alternatives: reader stood at role_middle"),
    "a step of a role that there is not": ("STEP(3, role_middle, REACHED(WRITER, role_done))",
                                           f"scenario {NAME}: step 1 of its script names role 3, and it has roles 0 to 1"),
}
TWICE = f'SCENARIO(another) = {{.name = "{NAME}", .rule = "r", .reference = "r", .mode = MODE_PROBE,'  \
    ' .roles = {{"only", replace}}, .judge = judge, CELLS(HOLDS())};\n'


def mistakes_in_scripts(place: Path) -> None:
    """Mistakes of an author. Some must end the run at its start. A script that was left must say where, with its
    trace."""
    path = place / f"tests/{NAME}.c"
    good = path.read_text(encoding="utf-8")
    for name, (step, said) in MISTAKES.items():
        path.write_text(good.replace(HELD_STEP, step), encoding="utf-8")
        check(step in path.read_text(encoding="utf-8"), f"{name}: is written")
        result = run(place, "x86-pc", "mode=choreo")
        check(result.status == 2 and said in " ".join(result.text.split()), f"{name}: {said}", result.text)
        if "script was" in said:
            check(result.says("no_evidence", "Witness of point", "role_start", "clear_done"), f"{name}: the trace is shown",
                  result.text)
    path.write_text(good + TWICE, encoding="utf-8")
    result = run(place, "x86-pc", "mode=choreo")
    check(result.status == 2 and result.says(f"Bail out! scenario {NAME}: the name is used twice"), "a name used twice: said at start",
          result.text)
    path.write_text(good, encoding="utf-8")


def main() -> None:
    place = a_clone()
    first = typed(place)
    is_the_page(place)
    check(status_of(place) == [" M docs/invariants.md", f"?? tests/{NAME}.c"], "git status shows what was made",
          *status_of(place))
    for machine in PORTS:
        runs_on(machine, first if machine == "x86-pc" else run(place, machine, "seconds=2"), place)
    made = call([*MAKE, "new-scenario", f"NAME={HARNESS}"], place=place)
    check(made.status == 0 and f"?? tests/self/{HARNESS}.c" in status_of(place), "a harness is made too", made.text)
    explored(place)
    checked = call([*MAKE, "check-docs"], place=place)
    check(checked.status == 0 and "0 failed" in checked.text, "make check-docs passes with the new section", checked.text)
    document = place / "docs/invariants.md"
    document.write_text(document.read_text(encoding="utf-8").replace(f"</a>{NAME}\n", "</a>tlb/exampel\n"), encoding="utf-8")
    checked = call([*MAKE, "check-docs"], place=place)
    check(checked.status == 2 and checked.says(f"scenario {NAME}: no section"), "make check-docs misses a section", checked.text)
    mistakes(place)
    mistakes_in_scripts(place)
    clashes(place)
    taken_away(place)
    finish()


main()
