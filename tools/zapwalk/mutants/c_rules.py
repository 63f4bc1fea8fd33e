# SPDX-License-Identifier: MIT
"""Makes the mutants of a C file."""
from __future__ import annotations

import re

from zapwalk.mutants.c_order import commute
from zapwalk.mutants.c_tokens import PAIRS, TYPES, Condition, Parser, Region, Token, regions
from zapwalk.mutants.mutant import Collector, Edit, Mutant

BOUNDS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
LOGIC = {"&&": "||", "||": "&&"}
SHIFTS = {"<<": ">>", ">>": "<<"}
FLAGS = {"true": "false", "false": "true"}
NUMBER = re.compile(r"(0[xX])?([0-9a-fA-F]+?)([uUlL]*)$")
UNTOUCHED = {"_Static_assert", "__attribute__", "__attribute"}  # checked by the compiler alone


def mutants(path: str, source: str) -> list[Mutant]:
    collector = Collector(path, source)
    for region in regions(source):
        if region.is_code:
            statements(collector, region)
        expressions(collector, region)
    return collector.found


def statements(collector: Collector, region: Region) -> None:
    parser = Parser(region)
    parser.block(0)
    tokens = region.tokens
    for block in parser.blocks:
        for one in block:
            if one.kind in ("simple", "jump"):
                # A body of nothing but `;` would be a warning of its own.
                new = "(void)0;" if one.start in parser.bodies else ";"
                collector.drop("drop", region.name, tokens[one.start].start, tokens[one.end - 1].end, new)
        for one, other in zip(block, block[1:]):
            if one.kind == other.kind == "simple" and not commute(*(tokens[each.start:each.end] for each in (one, other))):
                collector.swap(region.name, *((tokens[each.start].start, tokens[each.end - 1].end) for each in (one, other)))
    for condition in parser.conditions:
        negate(collector, region, condition)


def negate(collector: Collector, region: Region, condition: Condition) -> None:
    if condition.first >= condition.last:
        return
    start, end = region.tokens[condition.first].start, region.tokens[condition.last].start
    old = collector.source[start:end]
    collector.add("negate", region.name, Edit(start, end, f"!({old})"), f"!({old})")


def untouched(region: Region) -> list[tuple[int, int]]:
    """Returns the first and last indices of tokens without mutants."""
    return [(index, region.pairs.get(index + 1, index)) for index, token in enumerate(region.tokens)
            if token.text in UNTOUCHED]


def expressions(collector: Collector, region: Region) -> None:
    spans = untouched(region)
    for index, token in enumerate(region.tokens):
        if any(first <= index <= last for first, last in spans):
            continue
        if token.kind == "number":
            numbers(collector, region, index)
        elif token.kind == "name" and token.text in FLAGS:
            replace(collector, region, token, "flag", FLAGS[token.text])
        elif token.kind == "string":
            assembly(collector, region, index)
        elif token.kind == "sign":
            signs(collector, region, index)


def replace(collector: Collector, region: Region, token: Token, rule: str, new: str) -> None:
    collector.add(rule, region.name, Edit(token.start, token.end, new))


def numbers(collector: Collector, region: Region, index: int) -> None:
    token = region.tokens[index]
    match = NUMBER.match(token.text)
    if not match:
        return
    base = 16 if match[1] else 8 if match[2][0] == "0" and len(match[2]) > 1 else 10
    try:
        value = int(match[2], base)
    except ValueError:
        return
    brackets = index > 0 and region.tokens[index - 1].text == "["
    for new in (value + 1, value - 1):
        # Nobody can notice an array longer by one than it must be.
        if new < 0 or brackets and new > value and region.tokens[index + 1].text == "]":
            continue
        text = f"{match[1]}{new:x}" if match[1] else f"0{new:o}" if base == 8 else str(new)
        replace(collector, region, token, "constant", text + match[3])


def is_operand_end(token: Token) -> bool:
    return token.kind in ("name", "number", "char", "string") and token.text not in TYPES | {"return", "case"} or \
        token.text in (")", "]")


def is_binary(region: Region, index: int) -> bool:
    """True if & or * is neither an address nor a pointer. A cast in front of `&x` looks like an operand, but then the compiler
    refuses the mutant."""
    return index > 0 and is_operand_end(region.tokens[index - 1])


def run_of(region: Region, index: int, ends: tuple[str, ...]) -> list[str]:
    """The tokens from `index` on, up to the first of `ends` outside brackets."""
    texts = []
    while index < len(region.tokens) and region.tokens[index].text not in (*ends, ";", ",", ")", "]", "}"):
        after = region.pairs.get(index, index) + 1
        texts += [token.text for token in region.tokens[index:after]]
        index = after
    return texts


def is_extremum(region: Region, index: int) -> bool:
    """Whether the comparison is that of `a < b ? a : b`. If both are equal, either is the result."""
    right = run_of(region, index + 1, ("?",))
    first = run_of(region, index + len(right) + 2, (":",))
    second = run_of(region, index + len(right) + len(first) + 3, ())
    if right not in (first, second):
        return False
    left = second if right == first else first
    return [token.text for token in region.tokens[max(index - len(left), 0):index]] == left


def signs(collector: Collector, region: Region, index: int) -> None:
    token = region.tokens[index]
    for rule, table in (("bound", BOUNDS), ("logic", LOGIC), ("mask", SHIFTS)):
        if token.text in table and not (rule == "bound" and is_extremum(region, index)):
            replace(collector, region, token, rule, table[token.text])
    if token.text in ("==", "!="):
        replace(collector, region, token, "negate", "!=" if token.text == "==" else "==")
    elif token.text == "!":
        replace(collector, region, token, "negate", "")
    elif token.text in ("|=", "&="):
        replace(collector, region, token, "mask", "&=" if token.text == "|=" else "|=")
    elif token.text == "~":
        replace(collector, region, token, "mask", "")
    elif token.text in ("|", "&") and is_binary(region, index):
        replace(collector, region, token, "mask", "&" if token.text == "|" else "|")
        if token.text == "|":
            lose_operand(collector, region, index)


def lose_operand(collector: Collector, region: Region, index: int) -> None:
    """Leaves only a of a | b."""
    last = index + 1
    while last + 1 < len(region.tokens):
        following = region.tokens[last + 1]
        if region.tokens[last].text in PAIRS and last in region.pairs:
            last = region.pairs[last]
        elif following.text in ("(", "[") or following.text in (".", "->") or region.tokens[last].text in (".", "->", "~", "-"):
            last += 1
        else:
            break
    start, end = region.tokens[index].start, region.tokens[last].end
    collector.drop("mask", region.name, start, end, "")


def assembly(collector: Collector, region: Region, index: int) -> None:
    """Changes the clobber "memory", or leaves out one line of several in a template."""
    token, tokens = region.tokens[index], region.tokens
    if token.text == '"memory"':
        replace(collector, region, token, "clobber", '"cc"')
        return
    around = [tokens[place] for place in (index - 1, index + 1) if 0 <= place < len(tokens)]
    if is_template(region, index) and any(each.kind == "string" for each in around):
        rule = "save" if re.match(r'"\s*(push|stmg?\b|sw\b|sd\b)', token.text.replace("\\t", " ")) else "drop"
        collector.add(rule, region.name, Edit(token.start, token.end, '""'), token.text)


def is_template(region: Region, index: int) -> bool:
    """Is this string in the first part of an asm statement?"""
    opening = [first for first, last in region.pairs.items() if first < index < last and region.tokens[first].text == "("]
    if not opening:
        return False
    inner = max(opening)
    head = [token.text for token in region.tokens[max(inner - 3, 0):inner]]
    colons = any(token.text == ":" for token in region.tokens[inner:index])
    return not colons and any(word in ("asm", "__asm__") for word in head)


