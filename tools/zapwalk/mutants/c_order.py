# SPDX-License-Identifier: MIT
"""Which two neighbouring statements of C come to the same in either order."""
from __future__ import annotations

from zapwalk.mutants.c_tokens import TYPES, Token

ASSIGNS = {"=", "|=", "&=", "^=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>="}
# Macros that compute a value and touch nothing else. Anything else in front of a bracket may do more.
COMPUTES = {"sizeof", "ALIGN_UP", "ALIGN_DOWN", "ARRAY_SIZE", "BIT", "min", "max"}
STEPS = {".", "->"}


def is_member(tokens: list[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text in STEPS


class Assignment:
    """One plain assignment. written: the names of the path to what it writes, such as `a`, `b` of `a[i].b = 1`. reads:
    all names that stand in it but the written one. whole: those of them that are no step on the way to a member. open:
    it may do more."""

    def __init__(self, tokens: list[Token]):
        at = next((index for index, token in enumerate(tokens) if token.text in ASSIGNS), 0)
        self.written, last = self.path(tokens[:at])
        self.open = not self.written or any(self.does_more(tokens, index) for index in range(len(tokens)) if index != at)
        names = [index for index, token in enumerate(tokens)
                 if token.kind == "name" and token.text not in TYPES | COMPUTES and index != last]
        self.reads = {tokens[index].text for index in names}
        self.whole = {tokens[index].text for index in names if index + 1 == len(tokens) or tokens[index + 1].text not in STEPS}

    @staticmethod
    def path(tokens: list[Token]) -> tuple[list[str], int]:
        """Of a, a.b, a->b, a[...], and of what is made of these; and where its last name stands. No name at all: of
        anything else."""
        found, last, depth = [], -1, 0
        for index, token in enumerate(tokens):
            depth += (token.text == "[") - (token.text == "]")
            if depth or token.text == "]":
                continue
            if token.kind == "name" and (not found or is_member(tokens, index)) and token.text not in TYPES:
                found.append(token.text)
                last = index
            elif token.text not in STEPS:
                return [], -1
        return found, last

    @staticmethod
    def does_more(tokens: list[Token], index: int) -> bool:
        """Calls, further assignments, and pointers that are followed without a name of what is there."""
        token, before = tokens[index], tokens[index - 1] if index else None
        if token.text in ASSIGNS | {"++", "--", "{", "volatile", "asm", "__asm__"}:
            return True
        if token.text == "(":
            return before is not None and (before.kind == "name" and before.text not in COMPUTES or before.text in (")", "]"))
        if token.text == "*":
            return before is None or not (before.kind in ("name", "number") or before.text in (")", "]"))
        return False

    def minds(self, other: Assignment) -> bool:
        """It writes what the other one reads or writes, or a part of that, or what that is a part of."""
        return self.written[-1] in other.reads | {other.written[-1]} or bool(set(self.written) & other.whole)


def nothing(tokens: list[Token]) -> bool:
    """(void)x; of a name says that it is not used."""
    texts = [token.text for token in tokens]
    return texts[:3] == ["(", "void", ")"] and len(texts) == 5 and tokens[3].kind == "name"


def commute(one: list[Token], other: list[Token]) -> bool:
    """Two plain assignments, neither of which reads or writes what the other one writes. The compiler may exchange them
    as well, so a swap of them is no mistake."""
    if nothing(one) or nothing(other):
        return True
    first, second = Assignment(one), Assignment(other)
    return not (first.open or second.open or first.minds(second) or second.minds(first))
