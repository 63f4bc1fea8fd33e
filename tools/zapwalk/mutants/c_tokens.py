# SPDX-License-Identifier: MIT
"""Reads C as far as mutants need it, into tokens, functions and statements. It is read as written, before the preprocessor."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"""
    (?P<space>(?:\s|\\\n)+)
  | (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<char>'(?:\\.|[^'\\\n])*')
  | (?P<number>\d(?:[eEpP][+-]\d|[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.VERBOSE | re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*", re.MULTILINE | re.DOTALL)
DEFINE = re.compile(r"[ \t]*\#[ \t]*define[ \t]+(\w+)(\([^)]*\))?")
PAIRS = {"(": ")", "[": "]", "{": "}"}
TYPES = {"struct", "enum", "union", "const", "static", "unsigned", "signed", "char", "int", "long", "short", "bool", "void",
         "register", "volatile", "extern", "typedef", "u8", "u16", "u32", "u64", "size_t", "typeof", "__typeof__"}
CONTROLS = {"if", "while", "for", "switch"}
JUMPS = {"break", "continue"}


@dataclass
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass
class Region:
    """Tokens of one function's body, of a macro's, or of an initialised object. `pairs` has for each bracket the index of the
    other one."""

    name: str
    tokens: list[Token]
    is_code: bool
    pairs: dict[int, int] = field(default_factory=dict)


@dataclass
class Statement:
    """A statement. `kind` is simple (an expression), declaration, return, jump or control."""

    kind: str
    start: int
    end: int


@dataclass
class Condition:
    """The tokens between a condition's brackets, by their indices."""

    first: int
    last: int


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    found = []
    for match in TOKEN.finditer(text, start, len(text) if end is None else end):
        if match.lastgroup not in ("space", "comment"):
            found.append(Token(match.lastgroup or "", match.group(), match.start()))
    return found


def without_directives(text: str) -> str:
    """Returns a text of the same length, with blanks for directives and for comments."""
    return DIRECTIVE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), hidden_comments(text))


def hidden_comments(text: str) -> str:
    """Returns the text with blanks for comments, because a # in a comment begins no directive."""
    def blank(match: re.Match) -> str:
        return re.sub(r"[^\n]", " ", match.group()) if match.lastgroup == "comment" else match.group()

    return TOKEN.sub(blank, text)


def matching(tokens: list[Token]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == "sign" and token.text in PAIRS:
            stack.append(index)
        elif token.kind == "sign" and token.text in PAIRS.values() and stack:
            other = stack.pop()
            pairs[other], pairs[index] = index, other
    return pairs


def regions(text: str) -> list[Region]:
    """Returns the regions of a file."""
    found = outer_regions(tokens_of(without_directives(text)))
    for match in DIRECTIVE.finditer(hidden_comments(text)):
        name = DEFINE.match(match.group())
        if name:
            found.append(Region(name[1], tokens_of(text, match.start() + name.end(), match.end()), False))
    for region in found:
        region.pairs = matching(region.tokens)
    return found


def outer_regions(tokens: list[Token]) -> list[Region]:
    found = []
    pairs = matching(tokens)
    index = begin = 0
    while index < len(tokens):
        text = tokens[index].text
        if text == ";":
            begin = index + 1
        elif text in PAIRS and index in pairs:
            if text == "{":
                found.append(outer_region(tokens, begin, index, pairs))
                begin = pairs[index] + 1
            index = pairs[index]
        index += 1
    return found


def outer_region(tokens: list[Token], begin: int, brace: int, pairs: dict[int, int]) -> Region:
    """Returns the region of a `{` at the outermost level, which is a function or a list of values."""
    head = tokens[begin:brace]
    is_code = bool(head) and head[-1].text == ")"
    return Region(name_of(head), tokens[brace:pairs[brace] + 1], is_code)


def name_of(head: list[Token]) -> str:
    for index, token in enumerate(head):
        following = head[index + 1].text if index + 1 < len(head) else ""
        if token.kind == "name" and following in ("(", "[", "=", "") and token.text not in TYPES | {"__attribute__"}:
            if following == "(" and index + 2 < len(head) and head[index + 2].kind == "name" and \
                    index + 3 < len(head) and head[index + 3].text == ")" and head[-1].text == "=":
                return head[index + 2].text  # SCENARIO(name) = {
            return token.text
    return head[0].text if head else "?"


class Parser:
    """Finds the statements of a function's body, and the conditions in it."""

    def __init__(self, region: Region):
        self.tokens = region.tokens
        self.pairs = region.pairs
        self.blocks: list[list[Statement]] = []
        self.conditions: list[Condition] = []
        self.bodies: set[int] = set()  # where the single statement of an `if` or a loop starts

    def text(self, index: int) -> str:
        return self.tokens[index].text if index < len(self.tokens) else ""

    def block(self, brace: int) -> int:
        """Reads a block from its `{`. Returns the index behind its `}`."""
        close = self.pairs[brace]
        index, found = brace + 1, []
        while index < close:
            index = self.statement(index, found)
        self.blocks.append(found)
        return close + 1

    def body(self, index: int) -> int:
        self.bodies.add(index)
        found: list[Statement] = []
        after = self.statement(index, found)
        self.blocks.append(found)
        return after

    def statement(self, index: int, found: list[Statement]) -> int:
        first = self.text(index)
        if first == "{":
            after = self.block(index)
        elif first in CONTROLS:
            after = self.control(index)
        elif first == "do":
            after = self.simple_end(self.body(index + 1), True) + 1
        elif first == "else":
            after = self.body(index + 1)
        elif first in ("case", "default") or self.text(index + 1) == ":" and self.tokens[index].kind == "name":
            return self.colon(index) + 1
        elif self.is_loop_macro(index):
            after = self.body(self.pairs[index + 1] + 1)
        else:
            after = self.simple_end(index) + 1
            found.append(Statement(self.kind(index), index, after))
            return after
        found.append(Statement("control", index, after))
        return after

    def control(self, index: int) -> int:
        close = self.pairs.get(index + 1, index + 1)
        if self.text(index) in ("if", "while"):
            self.conditions.append(Condition(index + 2, close))
        after = self.body(close + 1)
        return self.body(after + 1) if self.text(index) == "if" and self.text(after) == "else" else after

    def is_loop_macro(self, index: int) -> bool:
        """True for a loop such as for_each_cpu (cpu, mask) statement."""
        if self.tokens[index].kind != "name" or self.text(index + 1) != "(":
            return False
        if self.text(index).startswith(("asm", "__asm__")):
            return False
        after = self.pairs.get(index + 1, index + 1) + 1
        return after < len(self.tokens) and (self.tokens[after].kind == "name" or self.text(after) == "{")

    def colon(self, index: int) -> int:
        while index < len(self.tokens) - 1 and self.text(index) != ":":
            index = self.pairs.get(index, index) + 1 if self.text(index) in PAIRS else index + 1
        return index

    def simple_end(self, index: int, is_do: bool = False) -> int:
        """Returns the index of the statement's semicolon."""
        if is_do and self.text(index) == "while":
            self.conditions.append(Condition(index + 2, self.pairs.get(index + 1, index + 2)))
        while index < len(self.tokens) - 1 and self.text(index) != ";":
            index = self.pairs.get(index, index) + 1 if self.text(index) in PAIRS else index + 1
        return index

    def kind(self, index: int) -> str:
        first, second = self.tokens[index], self.tokens[min(index + 1, len(self.tokens) - 1)]
        if first.text in JUMPS or first.text == "return" and second.text == ";":
            return "jump"
        if first.text in ("return", "goto"):
            return "return"
        if first.text in TYPES or first.kind == "name" and second.kind == "name" and not first.text.startswith(("asm", "__asm__")):
            return "declaration"
        pointer = first.kind == "name" and second.text == "*" and self.tokens[min(index + 2, len(self.tokens) - 1)].kind == "name"
        if pointer and self.text(index + 3) in ("=", ";", ","):
            return "declaration"
        return "simple" if first.text != ";" else "empty"
