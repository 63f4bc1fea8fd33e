# SPDX-License-Identifier: MIT
"""A mutant, which is one place of one file with another text in it."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

RULES = {
    "drop": "a statement, barrier or instruction is left out",
    "swap": "two neighbouring statements or instructions change places",
    "negate": "a condition is the opposite",
    "logic": "&& for ||, and for or, the other way round",
    "bound": "< for <=, > for >=, the other way round",
    "constant": "a number is one more or one less",
    "mask": "bits are added, lost or shifted the other way",
    "flag": "true for false, the other way round",
    "clobber": "an asm statement does not tell the compiler that it touches memory",
    "save": "a register is not saved",
}


def squeezed(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Edit:
    """A change of a source text. [start, end) becomes `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Mutant:
    """One mutant. `text` is the change in one line, and stays the same as long as this code does. `number` counts mutants
    alike but for their place."""

    path: str
    function: str
    rule: str
    text: str
    line: int
    edit: Edit = field(compare=False)
    number: int = 1

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.path, self.function, self.rule, self.text

    @property
    def name(self) -> str:
        digest = hashlib.sha256("\0".join([*self.key, str(self.number)]).encode()).hexdigest()
        return digest[:16]

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    def apply(self, source: str) -> str:
        return source[:self.edit.start] + self.edit.new + source[self.edit.end:]


class Collector:
    """Makes mutants of one file's text."""

    def __init__(self, path: str, source: str):
        self.path = path
        self.source = source
        self.found: list[Mutant] = []
        self.alike: dict[tuple, int] = {}

    def add(self, rule: str, function: str, edit: Edit, text: str | None = None) -> None:
        """Adds a mutant. `text` is by default the line after the change."""
        if self.source[edit.start:edit.end] == edit.new:
            return
        if text is None:
            first = self.source.rfind("\n", 0, edit.start) + 1
            last = self.source.find("\n", edit.end)
            last = len(self.source) if last < 0 else last
            text = self.source[first:edit.start] + edit.new + self.source[edit.end:last]
        text = squeezed(text)
        key = (function, rule, text)
        self.alike[key] = self.alike.get(key, 0) + 1
        line = self.source.count("\n", 0, edit.start) + 1
        self.found.append(Mutant(self.path, function, rule, text, line, edit, self.alike[key]))

    def drop(self, rule: str, function: str, start: int, end: int, new: str) -> None:
        """Leaves out [start, end). `new` stands there instead, and lines keep their numbers."""
        old = self.source[start:end]
        self.add(rule, function, Edit(start, end, new + "\n" * old.count("\n")), old)

    def swap(self, function: str, one: tuple[int, int], other: tuple[int, int]) -> None:
        """Exchanges two ranges. `one` comes before `other`."""
        first, second = self.source[slice(*one)], self.source[slice(*other)]
        between = self.source[one[1]:other[0]]
        if squeezed(first) != squeezed(second):
            self.add("swap", function, Edit(one[0], other[1], second + between + first), f"{first} <-> {second}")
