# SPDX-License-Identifier: MIT
"""docs/tour.md: what it says to type, what it says comes back, and the same typed into `make gdb`.

In the document a command stands behind the prompt in a block of code, what it prints below it:

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
    """The ARGS of the `make gdb` that the tour begins with."""
    found = re.search(r'^ {4}make gdb ARGS="([^"]*)"$', text, re.MULTILINE)
    return found.group(1) if found else ""


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Each command with the lines that the document shows below it."""
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
    """Types all of the document into one session. What came before the first command, and below each. Raises
    subprocess.TimeoutExpired."""
    # With no terminal gdb prints errors elsewhere and echoes nothing: a mark of our own stands between commands.
    script = "".join(f'echo {MARK}\\n\n{command}\n' for command, _ in steps(text))
    done = subprocess.run(["make", "-s", "gdb", f"ARGS={start(text)}", f"GDB_PORT={port}"], input=script, cwd=root,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False)
    pieces = done.stdout.replace(PROMPT, "").split(MARK + "\n")
    before, *outputs = [[line.rstrip() for line in piece.splitlines() if line.strip()] for piece in pieces]
    return before, outputs


def first_stop(before: list[str]) -> list[str]:
    """What the race command says, once make gdb has brought us to the first point."""
    at = next((n for n, line in enumerate(before) if line.startswith("CPU ")), len(before))
    return before[at:at + 2]


def refreshed(text: str, before: list[str], outputs: list[list[str]]) -> str:
    """The document with these outputs below its commands."""
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
