# SPDX-License-Identifier: MIT
"""The mutants argued in docs/mutants.md. Nobody can notice them, and each has the reason why not."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from zapwalk.mutants.mutant import RULES, Mutant

DOCUMENT = "docs/mutants.md"
HEADING = re.compile(r"### (\S+), (\S+)")
ENTRY = re.compile(r"- (\w+) (`+) ?(.+?) ?\2: +(\S.*)")


@dataclass(frozen=True)
class Argument:
    path: str
    function: str
    rule: str
    text: str
    reason: str
    line: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.path, self.function, self.rule, self.text


def read(text: str) -> tuple[list[Argument], list[str]]:
    """Returns the arguments of the document, and complaints on lines that only look like one."""
    found, bad = [], []
    path = function = ""
    for number, line in enumerate(joined(text), 1):
        heading = HEADING.fullmatch(line)
        if line.startswith("## "):
            path = ""
        if heading:
            path, function = heading.groups()
        elif line.startswith("### "):
            path = ""
            bad.append(f"{DOCUMENT}:{number}: a heading must be: ### path, function")
        elif path and line.startswith("- "):
            entry = ENTRY.fullmatch(line)
            if not entry or entry[1] not in RULES:
                bad.append(f"{DOCUMENT}:{number}: an entry must be: - rule `text`: reason")
                continue
            found.append(Argument(path, function, entry[1], entry[3], entry[4], number))
    return found, bad


def joined(text: str) -> list[str]:
    """Joins indented lines to the entry above. Empty lines take their places, so the numbers stay right."""
    found: list[str] = []
    start = 0
    for number, line in enumerate(text.splitlines()):
        if line.startswith("  ") and found and found[start].startswith("- "):
            found[start] += " " + line.strip()
            found.append("")
        else:
            start = number
            found.append(line)
    return found


def load(root: Path) -> list[Argument]:
    path = root / DOCUMENT
    return read(path.read_text(encoding="utf-8"))[0] if path.exists() else []


def split(mutants: list[Mutant], arguments: list[Argument]) -> tuple[list[Mutant], list[Mutant]]:
    """Returns the mutants to try, and the argued ones."""
    keys = {argument.key for argument in arguments}
    return [m for m in mutants if m.key not in keys], [m for m in mutants if m.key in keys]
