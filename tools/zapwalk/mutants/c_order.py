# SPDX-License-Identifier: MIT
"""Finds two neighbouring statements of C with the same effect in either order."""
from __future__ import annotations

from zapwalk.mutants.c_tokens import TYPES, Token

ASSIGNS = {"=", "|=", "&=", "^=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>="}
# These macros compute a value and touch nothing else. Any other name in front of a bracket may do more.
COMPUTES = {"sizeof", "ALIGN_UP", "ALIGN_DOWN", "ARRAY_SIZE", "BIT", "min", "max"}
STEPS = {".", "->"}
ADDS_ONE = {"++", "--"}


def named(tokens: list[Token], index: int) -> str:
    """Returns the name there, with its index if that is a number. `a[0]` and `a[1]` are two variables."""
    following = [token.text for token in tokens[index + 1:index + 4]]
    if len(following) == 3 and following[0] == "[" and following[2] == "]" and tokens[index + 2].kind == "number":
        return f"{tokens[index].text}[{following[1]}]"
    return tokens[index].text


def overlap(one: str, other: str) -> bool:
    """True if both may be one variable. An index that is no number may be any."""
    return one == other or one.partition("[")[0] == other.partition("[")[0] and not ("[" in one and "[" in other)


def is_member(tokens: list[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text in STEPS


class Assignment:
    """One plain assignment. `written` has the names on the path to its target, such as `a`, `b` of `a[i].b = 1`. `reads` has
    all names in it but the written one. `whole` has those of `reads` without a step to a member behind them. `open` says it
    may do more."""

    def __init__(self, statement: list[Token]):
        tokens = [token for token in statement if token.text != ";"]
        at = next((index for index, token in enumerate(tokens) if token.text in ASSIGNS), 0)
        if not at and tokens[-1].text in ADDS_ONE:
            at = len(tokens) - 1
        self.written, last = self.path(tokens[:at])
        self.open = not self.written or any(self.does_more(tokens, index) for index in range(len(tokens)) if index != at)
        names = [index for index, token in enumerate(tokens)
                 if token.kind == "name" and token.text not in TYPES | COMPUTES and index != last]
        self.reads = {named(tokens, index) for index in names}
        self.whole = {named(tokens, index) for index in names if index + 1 == len(tokens) or tokens[index + 1].text not in STEPS}

    @staticmethod
    def path(tokens: list[Token]) -> tuple[list[str], int]:
        """Returns the names of a, a.b, a->b, a[...] or a combination of these, and the place of the last name. Anything else
        has no names."""
        found, last, depth = [], -1, 0
        for index, token in enumerate(tokens):
            depth += (token.text == "[") - (token.text == "]")
            if depth or token.text == "]":
                continue
            if token.kind == "name" and (not found or is_member(tokens, index)) and token.text not in TYPES:
                found.append(named(tokens, index))
                last = index
            elif token.text not in STEPS:
                return [], -1
        return found, last

    @staticmethod
    def does_more(tokens: list[Token], index: int) -> bool:
        """Finds calls, further assignments, and pointers to an unnamed target. A field of `(struct s){.a = 1}` is neither."""
        token, before = tokens[index], tokens[index - 1] if index else None
        if token.text == "=" and index > 2 and before.kind == "name" and tokens[index - 3].text in ("{", ","):
            return False
        if token.text == "{":
            return before is None or before.text != ")"
        if token.text in ASSIGNS | ADDS_ONE | {"volatile", "asm", "__asm__"}:
            return True
        if token.text == "(":
            return before is not None and (before.kind == "name" and before.text not in COMPUTES or before.text in (")", "]"))
        if token.text == "*":
            return before is None or not (before.kind in ("name", "number") or before.text in (")", "]"))
        return False

    def minds(self, other: Assignment) -> bool:
        """True if it writes a variable read or written by the other one, or a part of it, or a whole of which it is a part."""
        return any(overlap(self.written[-1], name) for name in other.reads | {other.written[-1]}) or \
            any(overlap(mine, name) for mine in self.written for name in other.whole)


def nothing(tokens: list[Token]) -> bool:
    """True for (void)x; of a name, which only says the name is unused."""
    texts = [token.text for token in tokens]
    return texts[:3] == ["(", "void", ")"] and len(texts) == 5 and tokens[3].kind == "name"


def commute(one: list[Token], other: list[Token]) -> bool:
    """True for two plain assignments if neither reads or writes the other's target. The compiler may exchange them as well, so
    a swap of them is no mistake."""
    if nothing(one) or nothing(other):
        return True
    first, second = Assignment(one), Assignment(other)
    return not (first.open or second.open or first.minds(second) or second.minds(first))
