#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the explorer's output to the letter. Fails if a counterexample's steps, the reason against a replay, a pair
of guards or the answer to a bad option has changed.

tests/self/explore/witnesses.txt has the commands and their output. After an intended change,
`tests/self/boot/test_witnesses.py update` writes the file anew, and the diff is to be read. It leaves out the list of
guards and everything that differs by host or compiler, such as time, numbers of states and ends, and addresses of
functions. Line numbers are left out too, but they are checked against the source."""
from __future__ import annotations

import re
import subprocess
import sys

from tap import ROOT, check, finish

WITNESSES = ROOT / "tests/self/explore/witnesses.txt"
HEAD = "SPDX-License-Identifier: MIT\n" \
       "What the explorer prints after these commands; tests/self/boot/test_witnesses.py compares and writes this file.\n\n"
SECONDS = 300  # on a busy host
ELSEWHERE = ("# ev=guard ", "# ev=choice ", "# valid: ", "TAP version", "# ev=cmdline ", "# ev=race ")  # lists, and the start of every run
DIFFERS = (
    (re.compile(r" git=\S+"), ""),
    (re.compile(r"\b(ms|states|ends|asked|transitions|bytes|seconds)=[0-9.]+"), r"\1=_"),
    (re.compile(r"(at \w+|at=\w+):\d+"), r"\1:_"),
    (re.compile(r'(call\.(?:function|argument)"? value=)0x\w+'), r"\1_"),
    (re.compile(r"(call\.(?:function|argument) = )0x\w+"), r"\1_"),
    (re.compile(r"endings\.c:\d+"), "endings.c:_"),
    (re.compile(r"\(0x4\w+\)"), "(_)"),
    (re.compile(r'(do="\w+ )0x4\w{5}"'), r'\1_"'),  # a word of the file's own, without a name
)


def lasting(line: str) -> str:
    for pattern, text in DIFFERS:
        line = pattern.sub(text, line)
    return line


def sites_of(lines: list[str]) -> list[str]:
    """Returns the steps with a wrong place in the source. A place is right if its function begins at that line or
    above."""
    wrong = []
    for line in lines:
        place = re.search(r" at=(\w+):(\d+) .* file=(\S+)", line)
        if not place:
            wrong += [line] if " at=" in line and " at=- " not in line else []
            continue
        path = ROOT / place[3]
        above = path.read_text(encoding="utf-8").splitlines()[:int(place[2])] if path.is_file() else []
        if len(above) < int(place[2]) or not any(re.search(rf"\b{place[1]}\b", text) for text in above[-60:]):
            wrong.append(line)
    return wrong


def printed(command: str) -> list[str]:
    machine, *options = command.split()
    done = subprocess.run([f"build/explore/zapwalk-explore-{machine}", *options], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
    lines = [line for line in done.stdout.splitlines() if not line.startswith(ELSEWHERE)]
    wrong = sites_of([line for line in lines if line.startswith("# ev=step ")])
    check(not wrong, f"{command}: each step has a place in the source", *wrong)
    return [*map(lasting, lines), f"exit status {done.returncode}"]


def expected() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in WITNESSES.read_text(encoding="utf-8").removeprefix(HEAD).split("$ ")[1:]:
        command, *lines = part.splitlines()
        found[command] = [line for line in lines if line]
    return found


def main() -> None:
    text = HEAD
    update = sys.argv[1:] == ["update"]
    for command, wanted in expected().items():
        if sys.argv[1:] and not update and command.split()[0] not in sys.argv[1:]:
            continue
        found = printed(command)
        text += "\n".join([f"$ {command}", *found, "", ""])
        if not update:
            differ = [f"was {line}" for line in wanted if line not in found] + [f" is {line}" for line in found if line not in wanted]
            check(found == wanted, f"{command}: as ever", *(differ or ["the order differs"]))
    if update:
        WITNESSES.write_text(text, encoding="utf-8")
    finish()


main()
