#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the explorer's verdicts with and without its reduction, and compiled by other compilers. Fails if a verdict
depends on one of them."""
from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import call, check, finish  # noqa: E402  (its directory must be on the path first)

# All rows that can be explored without the reduction. pte/nowait-flush and tlb/mutual cannot, and space/kill,
# space/leave, space/truncate-fault and the rows of swap take too long.
TLB = ",".join(f"tlb/{letter}*" for letter in "aflnopsz")
SPACE = ",".join(f"space/{begin}*" for begin in ("a", "b", "e", "n", "p", "sp", "tw", "u", "w"))
WHOLE = {"split": ("pte/36bit,pte/aba-refault*,pte/d*,pte/e*,pte/i*,pte/mkinvalid*,pte/nowait-atomic,pte/nowait-locked,"
                   f"pte/read-order*,pte/set-order*,pte/t*,pte/zap-order*,{TLB},walk/*,gup/*,{SPACE}"),
         "word": f"{TLB},walk/*,gup/*,{SPACE}",
         "folding": f"{TLB},walk/*,gup/*,{SPACE}"}
COMPILED = (f"litmus/*,count/*,pte/torn-read*,pte/read-order*,pte/set-order*,pte/nowait-locked,{TLB},walk/*,{SPACE},"
            "gup/recheck")
OTHERS = (("clang", "-O0"), ("clang", "-O2"))
POINT = re.compile(r"(ok|not ok) \d+ - (.*)")
CELL = re.compile(r"# ev=cell n=(\d+) .* result=(\w+) ")


def verdicts(program: str, options: str) -> tuple[dict[str, str], str]:
    """Returns for each point ok or not ok with the explorer's result, and the whole output."""
    said = call([program, *options.split()], seconds=600)
    found: dict[str, str] = {}
    option = ""
    for line in said.text.splitlines():
        cell, point = CELL.match(line), POINT.match(line)
        if cell:
            option = cell[2]
        elif line.startswith(("# ev=litmus", "# ev=count")):
            option = " ".join(re.findall(r"\bgot\S*=\S+", line))
        elif point:
            found[point[2]] = f"{point[1]} {option}"
            option = ""
    return found, said.text


def differences(one: dict[str, str], other: dict[str, str]) -> str:
    return "\n".join(f"{name}: {one.get(name)}, {other.get(name)}" for name in sorted(one.keys() | other.keys())
                     if one.get(name) != other.get(name))


def check_same(name: str, one: dict[str, str], other: dict[str, str], text: str) -> None:
    said = [verdict for verdict in one.values() if verdict.startswith("ok ") and verdict != "ok "]
    check(said and not differences(one, other), f"{name}: {len(said)} verdicts", differences(one, other), text)


def main() -> None:
    for machine, names in WHOLE.items():
        program = f"build/explore/zapwalk-explore-{machine}"
        reduced, _ = verdicts(program, f"run={names}")
        whole, text = verdicts(program, f"run={names} whole")
        check_same(f"{machine}: with the reduction and without", reduced, whole, text)
    gcc, _ = verdicts("build/explore/zapwalk-explore-split", f"run={COMPILED}")
    for compiler, level in OTHERS:
        program = f"build/explore-{compiler}{level}/zapwalk-explore-split"
        built = call(["make", f"EXPLORER_CC={compiler}", f"EXPLORER_OPT={level}", program], seconds=300)
        if check(built.status == 0, f"{compiler} {level}: compiled", built.text):
            other, text = verdicts(program, f"run={COMPILED}")
            check_same(f"gcc -O2 and {compiler} {level}", gcc, other, text)
    finish()


main()
