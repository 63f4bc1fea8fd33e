#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Types the commands of docs/tour.md. Fails if the lines printed there do not come back, or if a command of make gdb
answers a wrong use badly."""
from __future__ import annotations

import re
import shutil
import socket
import subprocess

from tap import ROOT, check, clean_environment, finish, skip

from zapwalk import tour


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def key(line: str) -> str:
    """Removes from a line everything that may differ, places in the image and in memory and counts of walks. The values
    and words of the entry stay."""
    line = re.sub(r"0xc0[0-9a-f]{6}\b|(?<=root )0x[0-9a-f]+", "ADDRESS", line)
    line = re.sub(r"^( +p[gm]d\[\d+\] ).*", r"\1", line)  # of upper levels, only their existence
    line = re.sub(r"^( +pte\[\d+\] +)0x[0-9a-f]+", r"\1AT", line)
    line = re.sub(r"(\.[ch]|\b\w+):\d+|line \d+", r"\1:LINE", line)
    line = re.sub(r"^CPU \d (is at role_start)", r"CPU \1", line)  # either CPU may be first
    return " ".join(re.sub(r"\d+, (inside|outside)", r"N, \1", line).split())


def compare(number: int, command: str, shown: list[str], printed: list[str]) -> None:
    have = [key(line) for line in printed]
    missing = [line for line in shown if key(line) not in have]
    check(shown and not missing, f"command {number}: {command}", "\n".join(["missing:", *missing, "got:", *printed]))


def the_tour() -> None:
    text = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
    steps = tour.steps(text)
    check(len(re.findall(r"^## \d+\. ", text, re.MULTILINE)) == 10 and tour.start(text), "ten steps, and a beginning")
    before, outputs = tour.typed(text, free_port(), ROOT)
    check(len(outputs) == len(steps), f"all {len(steps)} commands were taken", "\n".join(before))
    first = [line[len(tour.INDENT):] for line in text.splitlines() if line.startswith(tour.INDENT + "CPU ")][0]
    compare(0, "make gdb", [first], before)
    for number, ((command, shown), printed) in enumerate(zip(steps, outputs), 1):
        compare(number, command, shown, printed)


def mistakes() -> None:
    script = "race nowhere\npte\ncomplete race pte_be\nhelp cpus\nrace page_freed_twice\ncpus\n"
    done = subprocess.run(["tools/run", "--gdb", "run=pte/torn-read", "mode=choreo"], cwd=ROOT, input=script, text=True,
                          env=clean_environment(GDB_PORT=str(free_port())), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False)
    text = done.stdout
    points = re.findall(r"^RACE\((\w+),", (ROOT / "kernel/hooks/races.def").read_text(encoding="utf-8"), re.MULTILINE)
    valid = re.search(r"unknown race point nowhere\. Valid: (.*)", text)
    check(valid and valid.group(1).split() == points, "race: an unknown point names all valid ones", text)
    check("which address?" in text, "pte without an address", text)
    words = set(re.split(r"\n|\(gdb\) ", text))
    check({"race pte_before_low", "race pte_between_halves"} <= words, "race completes names", text)
    check("Print what every CPU does" in text, "help", text)
    check("no CPU came to page_freed_twice" in text, "race: the run ended before", text)
    check("the machine is gone" in text, "after the run: said so", text)


if shutil.which("gdb") or shutil.which("gdb-multiarch"):
    the_tour()
    mistakes()
else:
    skip("docs/tour.md", "gdb is not installed: tools/setup test")
finish()
