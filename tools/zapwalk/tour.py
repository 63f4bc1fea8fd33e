# SPDX-License-Identifier: MIT
"""The commands of docs/tour.md and their output there, and the same commands typed into `make gdb`.

In the document a command stands behind the prompt in a block of code, with its output below it:

    (gdb) pte 0x40200000
    CPU 1, root 0x2000, address 0x40200000
"""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

PROMPT = "(gdb) "
INDENT = "    "
MARK = "== next =="


def is_code(line: str) -> bool:
    return line.startswith(INDENT)


def start(text: str) -> str:
    """Returns the ARGS of the `make gdb` at the beginning of the tour."""
    found = re.search(r'^ {4}make gdb ARGS="([^"]*)"$', text, re.MULTILINE)
    return found.group(1) if found else ""


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Returns each command with the lines below it in the document."""
    found: list[tuple[str, list[str]]] = []
    inside = False
    for line in text.splitlines():
        code = line[len(INDENT):] if is_code(line) else None
        if code is not None and code.startswith(PROMPT):
            found.append((code[len(PROMPT):], []))
        elif code is not None and inside:
            found[-1][1].append(code)
        inside = code is not None and (inside or code.startswith(PROMPT))
    return found


def typed(text: str, port: int, root: Path, seconds: float = 120) -> tuple[list[str], list[list[str]]]:
    """Types all commands of the document into one session. Returns the output before the first command, and the output of each.
    Raises subprocess.TimeoutExpired."""
    # Without a terminal gdb prints errors elsewhere and echoes nothing, so a mark of our own stands between commands.
    script = "".join(f'echo {MARK}\\n\n{command}\n' for command, _ in steps(text))
    done = subprocess.run(["make", "-s", "gdb", f"ARGS={start(text)}", f"GDB_PORT={port}"], input=script, cwd=root,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False)
    pieces = done.stdout.replace(PROMPT, "").split(MARK + "\n")
    before, *outputs = [[line.rstrip() for line in piece.splitlines() if line.strip()] for piece in pieces]
    return before, outputs


def first_stop(before: list[str]) -> list[str]:
    """Returns the output of the race command by which make gdb brings us to the first point."""
    at = next((n for n, line in enumerate(before) if line.startswith("CPU ")), len(before))
    return before[at:at + 2]


def refreshed(text: str, before: list[str], outputs: list[list[str]]) -> str:
    """Returns the document with these outputs below its commands."""
    lines: list[str] = []
    rest, skipping = iter(outputs), False
    for line in text.splitlines():
        is_stop = not skipping and line.startswith(INDENT + "CPU ") and bool(first_stop(before))
        if is_stop:
            lines += [INDENT + said for said in first_stop(before)]
        elif line.startswith(INDENT + PROMPT):
            lines += [line, *(INDENT + said for said in next(rest, []))]
        elif not (skipping and is_code(line)):
            lines.append(line)
        skipping = is_stop or line.startswith(INDENT + PROMPT) or (skipping and is_code(line))
    return "\n".join(lines) + "\n"
