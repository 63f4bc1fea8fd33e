#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes one step of the protocol at a time out of a copy of the source, by the patches of tests/self/broken. The row or
unit program named by the patch must then fail for the right reason. Fails if a test no longer notices the mistake.
Names as arguments select patches."""
from __future__ import annotations

import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from changed import SOURCE, Wrong, build, change, changed, copy
from tap import PLACE, ROOT, Result, boot, call, check, finish

PATCHES = ROOT / "tests/self/broken"
KINDS = ("explore", "unit", "boot")
HEAD = re.compile(r"^(What|Killer|Because|Says|Compile): (.*)$", re.MULTILINE)
HUNK = re.compile(r"^@@ .*$", re.MULTILINE)
CELL = re.compile(r'^# ev=cell .* scenario=(\S+) .* guard=none .* result=(\w+) .* reason="(.*)"$', re.MULTILINE)
POINT = re.compile(r"^not ok \d+ - (.*)$", re.MULTILINE)


@dataclass
class Patch:
    """The head of a patch, and the changes of each file as (old, new) texts."""

    name: str
    what: str = ""
    killer: tuple[str, ...] = ()  # kind, program or machine, command line
    says: str = ""  # the text the killer must print
    legal: bool = False  # not a fault, so the killer must pass and say so
    compiled: list[str] = field(default_factory=list)  # the only files compiled anew
    changes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def changes(text: str) -> list[tuple[str, str]]:
    """Returns each hunk of one file as two texts, the old lines and the new lines, both with their context."""
    found = []
    for hunk in HUNK.split(text)[1:]:
        lines = [line for line in hunk.lstrip("\n").splitlines(keepends=True) if line[:1] in " +-"]
        found.append(tuple("".join(line[1:] for line in lines if line[0] in " " + sign) for sign in "-+"))
    return found


def parse(name: str, text: str) -> Patch:
    head, *files = re.split(r"^--- a/", text, flags=re.MULTILINE)
    said = dict(HEAD.findall(head))
    patch = Patch(name, said.get("What", ""), tuple(said.get("Killer", "").split(maxsplit=2)))
    patch.legal = "Says" in said
    patch.says = said.get("Says", said.get("Because", ""))
    patch.compiled = said.get("Compile", "").split()
    patch.changes = {file.partition("\n")[0]: changes(file) for file in files}
    if not patch.what or len(patch.killer) < 2 or patch.killer[0] not in KINDS or not patch.says:
        raise Wrong("its head does not say What, Killer (explore, unit or boot) and Because (or Says)")
    if not all(patch.changes.values()) or not patch.changes:
        raise Wrong("it changes nothing")
    return patch


def apply(patch: Patch, place: Path) -> None:
    for path, hunks in patch.changes.items():
        for old, new in hunks:
            change(place, path, old, new)
    if patch.compiled:
        for built in (place / "build").rglob("*.o"):
            if not str(built).endswith(tuple(f"/{source}.o" for source in patch.compiled)):
                os.utime(built)


def objects(killer: tuple[str, ...]) -> str:
    return {"explore": f"build/explore/{killer[1]}", "unit": "build/unit/split/asan",
            "boot": "build/x86/lab"}[killer[0]]


def program(killer: tuple[str, ...]) -> str:
    return {"explore": f"build/explore/zapwalk-explore-{killer[1]}", "unit": f"build/unit/{killer[1]}",
            "boot": "build/x86/lab/zapwalk.elf"}[killer[0]]


def kill(place: Path, killer: tuple[str, ...], name: str) -> Result:
    """Runs the killer with the program that is below `place`."""
    path = place / program(killer)
    if killer[0] == "boot":
        result = boot(killer[2], ("--image", str(path)), name)
        log = result.path.read_text(encoding="utf-8", errors="replace") if result.path else ""
        return Result(result.status, result.text + "\n" + log)
    return call([str(path), *" ".join(killer[2:]).split()], seconds=300)


def caught(patch: Patch, result: Result) -> bool:
    """Whether the killer failed for the given reason. A unit program must fail in a point with this text. In an
    explorer or a boot the named row must be violated by its judge or broken by the lab's own complaint. A boot may also
    end without evidence. If chance decides who notices first, the patch has a reason for each, with | between them."""
    if patch.killer[0] == "unit":
        return result.status == 1 and any(patch.says in point for point in POINT.findall(result.text))
    row = patch.killer[2].split()[0].removeprefix("run=")
    bad = ("violated", "broken") + (("no_evidence",) if patch.killer[0] == "boot" else ())
    reasons = patch.says.split(" | ")
    return result.status == 1 and any(scenario == row and verdict in bad and any(said in reason for said in reasons)
                                      for scenario, verdict, reason in CELL.findall(result.text))


def telling(text: str) -> str:
    """Cuts the output of an explorer or unit program down to its cells and failed points. A compiler's output is
    kept."""
    said = [line for line in text.splitlines() if line.startswith(("# ev=cell", "not ok", "Bail out!"))]
    return "\n".join(said) or text


def attempt(patch: Patch) -> tuple[Patch, bool, str]:
    place = PLACE / patch.name
    try:
        copy(place, *SOURCE, objects(patch.killer))
        apply(patch, place)
        failed = build(place, program(patch.killer), jobs=1)
        if failed:
            return patch, False, failed
        result = kill(place, patch.killer, patch.name)
        good = result.status == 0 and patch.says in result.text if patch.legal else caught(patch, result)
        return patch, good, result.text
    except Wrong as wrong:
        return patch, False, str(wrong)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def read(names: list[str]) -> list[Patch]:
    found = []
    for path in sorted(PATCHES.glob("*.patch")):
        if names and path.stem not in names:
            continue
        try:
            found.append(parse(path.stem, path.read_text(encoding="utf-8")))
        except Wrong as wrong:
            check(False, f"{path.name}: {wrong}")
    return found


def test_the_test() -> None:
    """A patch without a reason, a killer or a change must be refused, and also a patch that does not fit. A killer that
    fails in another row or for another reason must not count."""
    text = (PATCHES / "call-not-ordered.patch").read_text(encoding="utf-8")
    patch = parse("sound", text)
    for name, wrong in {"no reason": text.replace("Because: ", "Cause: "), "no killer": text.replace("Killer: ", ""),
                        "no change": text.partition("--- a/")[0]}.items():
        try:
            parse(name, wrong)
            refused = False
        except Wrong:
            refused = True
        check(refused, f"a patch with {name} is refused")
    try:
        changed("kernel/smp/smp_call.c", "something else\n", *patch.changes["kernel/smp/smp_call.c"][0])
        said = ""
    except Wrong as wrong:
        said = str(wrong)
    check("kernel/smp/smp_call.c has changed" in said, "a patch that no longer applies says so", said)
    line = '# ev=cell n=1 scenario={} mode=pso guard={} choices=- result={} ms=1 reason="{}"'
    good = ("explore/two-callers", "none", "violated", patch.says)
    wrong = {"another row": ("tlb/stale", *good[1:]), "a row with a guard off": (good[0], "ipi_mb", *good[2:]),
             "another reason": (*good[:3], "frames leaked"), "no violation": (*good[:2], "held", good[3]),
             "no evidence, explored": (*good[:2], "no_evidence", good[3])}
    check(caught(patch, Result(1, line.format(*good))), "the row that is named, for the reason that is given: caught")
    for name, cell in wrong.items():
        check(not caught(patch, Result(1, line.format(*cell))), f"{name}: not caught")
    check(not caught(patch, Result(0, line.format(*good))), "a program that passes: not caught")


def main() -> None:
    if not sys.argv[1:]:
        test_the_test()
    patches = read(sys.argv[1:])
    missing = set(sys.argv[1:]) - {patch.name for patch in patches}
    check(patches and not missing, f"{len(patches)} patches are tried", *missing)
    for killer in sorted({patch.killer for patch in patches}):
        result = kill(ROOT, killer, "sound")
        check(result.status == 0, f"as it is: {' '.join(killer)} passes", result.text)
    with ThreadPoolExecutor(2) as pool:
        for patch, good, text in pool.map(attempt, patches):
            how = "says so" if patch.legal else "fails"
            check(good, f"{patch.name}: {' '.join(patch.killer)} {how}", patch.what, f"wanted: {patch.says}",
                  telling(text))
    finish()


main()
