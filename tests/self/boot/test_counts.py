#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the exact size of small explorations, the number of interleavings or the number of steps to what is caught.
Fails if the model or the code has changed in its order of steps, even if every verdict is still right.

One step too few or too many, a store that may overtake another, or an interrupt one operation earlier changes the
number of ways long before it changes a verdict. These numbers do not depend on the compiler, because a way is a
sequence of steps. (Numbers of states do depend on it, because states differ in what is left on a stack.) After an
intended change, `tests/self/boot/test_counts.py update` writes the numbers anew, and the diff is to be read."""
from __future__ import annotations

import re
import subprocess
import sys

from tap import ROOT, check, finish
from zapwalk import log as zapwalk_log
from zapwalk.log import Event

COUNTS = ROOT / "tests/self/explore/counts.txt"
HEAD = """\
SPDX-License-Identifier: MIT
What small explorations come to; tests/self/boot/test_counts.py compares and writes this file. After each memory model stands
the number of ways, or how it is caught and after how many steps. Litmus tests have two: reduced / whole; 0: no end.
"""
SECONDS = 600  # on a busy host


AT_A_TIME = 25  # rows, because the options have at most 1023 characters


def some_explored(machine: str, rows: list[str]) -> list[Event]:
    argv = [f"build/explore/zapwalk-explore-{machine}", f"run={','.join(rows)}"]
    done = subprocess.run(argv, cwd=ROOT, text=True, stdout=subprocess.PIPE, timeout=SECONDS, check=False)
    log = zapwalk_log.Log(machine)
    for line in done.stdout.splitlines():
        log.add(line)
    check(done.returncode == 0 and log.done and log.done.get("status") == "pass",
          f"{machine}: {rows[0]} and {len(rows) - 1} rows more pass", done.stdout)
    return [*log.all("litmus"), *log.all("cell")]


def explored(machine: str, rows: list[str]) -> list[Event]:
    return [event for start in range(0, len(rows), AT_A_TIME) for event in some_explored(machine, rows[start:start + AT_A_TIME])]


def outcome(event: Event) -> str:
    if event.name == "litmus":
        return f"{event.get('model')} {event.get('ways')}/{event.get('whole-ways')}"
    result = event.get("result")
    if result == "caught":
        return f"{event.get('mode')} {event.get('by')} {event.get('steps')}"
    return f"{event.get('mode')} {event.get('interleavings')}"


def variant(event: Event) -> str:
    if event.name == "litmus":
        return f"litmus/{event.get('name')}"
    options = [] if event.get("guard") == "none" else [f"guard.{event.get('guard')}=off"]
    options += [f"choice.{option}" for option in event.get("choices").split(",") if option != "-"]
    return " ".join([event.get("scenario"), *options])


def lines(events: list[Event]) -> list[str]:
    found: dict[str, list[str]] = {}
    for event in events:
        if event.get("result", "") not in ("not_observable", "skipped"):
            found.setdefault(variant(event), []).append(outcome(event))
    return [f"{name}: {', '.join(each)}" for name, each in found.items()]


def expected() -> dict[str, list[str]]:
    """Reads the expected lines by machine. A machine's name stands alone in a line."""
    found: dict[str, list[str]] = {}
    machine = ""
    for line in COUNTS.read_text(encoding="utf-8").splitlines()[HEAD.count("\n"):]:
        if line and ": " not in line:
            machine = line
        elif line:
            found.setdefault(machine, []).append(line)
    return found


def rows_of(written: list[str]) -> list[str]:
    """Asks for litmus tests by their first letters, because the command line has no room for all their names."""
    rows = [line.split(": ")[0].split()[0] for line in written]
    return list(dict.fromkeys(re.sub(r"^(litmus/[A-Za-z0-9]+).*", r"\1*", row) for row in rows))


def main() -> None:
    text = HEAD
    update, only = sys.argv[1:] == ["update"], [option for option in sys.argv[1:] if option != "update"]
    for machine, written in expected().items():
        if only and machine not in only:
            continue
        found = lines(explored(machine, rows_of(written)))
        text += "\n".join(["", machine, *found, ""])
        if update:
            continue
        gone = [f"was {line}" for line in written if line not in found]
        new = [f" is {line}" for line in found if line not in written]
        check(not gone and not new, f"{machine}: {len(written)} explorations come to what they came to", *sorted(gone + new,
              key=lambda line: line[4:]))
    if update:
        COUNTS.write_text(text, encoding="utf-8")
    finish()


main()
