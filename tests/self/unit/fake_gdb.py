# SPDX-License-Identifier: MIT
"""Stands in for the module `gdb`, because the real one exists only inside gdb. A test fills tables with registers,
memory and expressions. Import this before any module that imports gdb."""
from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

COMMAND_USER, COMPLETE_EXPRESSION, TYPE_CODE_STRUCT = 13, 5, 3

registers: dict[str, int] = {}
memory: dict[int, bytes] = {}
values: dict[str, Any] = {}
types: dict[str, Any] = {}
orders: list[tuple[str, bool]] = []  # executed commands, and whether gdb's text was captured
answers: dict[str, Any] = {}  # to those commands, as text or as an exception
commands: dict[str, Any] = {}
thread: Any = "thread"
frames: list[Frame] = []  # newest first
selected: list[Frame] = []
breakpoints: list[Breakpoint] = []
architecture = "i386"


class error(RuntimeError):  # gdb's own name
    pass


class MemoryError(error):  # gdb's own name too
    pass


class GdbError(Exception):
    pass


class Command:
    def __init__(self, name: str, kind: int):
        commands[name] = (self, kind)


class Value(int):
    """A number. It also acts as text, as a struct or as an array, if the test has given it these."""

    def __new__(cls, number: int = 0, text: str = "", type_: Any = None, **fields: Any) -> Value:
        made = int.__new__(cls, number)
        made.text, made.fields = text, fields
        made.type = type_ or kind()
        return made

    def string(self) -> str:
        return self.text

    def fetch_lazy(self) -> None:
        if "lazy" in self.fields:
            raise self.fields["lazy"]

    def __getitem__(self, key: Any) -> Any:
        return self.fields[str(key)]


def kind(code: int = 0, *fields: str) -> SimpleNamespace:
    bare = SimpleNamespace(code=code, fields=lambda: [SimpleNamespace(name=name) for name in fields])
    return SimpleNamespace(strip_typedefs=lambda: bare)


class Frame:
    def __init__(self, name: str | None, symtab: str | None = None, function: str | None = None):
        self.called, self.symtab, self.of, self.asked = name, symtab, function, 0

    def name(self) -> str | None:
        self.asked += 1
        if self.asked > 100:
            raise RecursionError("the same frame again and again")
        return self.called

    def older(self) -> Frame | None:
        rest = frames[frames.index(self) + 1:]
        return rest[0] if rest else None

    def select(self) -> None:
        selected.append(self)

    def find_sal(self) -> SimpleNamespace:
        return SimpleNamespace(symtab=self.symtab and SimpleNamespace(filename=self.symtab))

    def function(self) -> SimpleNamespace | None:
        return self.of and SimpleNamespace(symtab=SimpleNamespace(filename=self.of))

    def read_register(self, name: str) -> int:
        return registers[name]


class Breakpoint:
    hit = True  # gdb reaches the next breakpoint and deletes it

    def __init__(self, place: str, internal: bool, temporary: bool):
        self.made = (place, internal, temporary)
        self.silent, self.condition, self.deleted = False, "", False
        breakpoints.append(self)

    def is_valid(self) -> bool:
        return not Breakpoint.hit

    def delete(self) -> None:
        self.deleted = True


def read_memory(at: int, size: int) -> bytes:
    if at not in memory:
        raise MemoryError(f"{at:#x}")
    if len(memory[at]) != size:
        raise ValueError(f"{size} bytes")
    return memory[at]


def selected_inferior() -> SimpleNamespace:
    return SimpleNamespace(read_memory=read_memory, architecture=lambda: SimpleNamespace(name=lambda: architecture))


def selected_thread() -> Any:
    return thread


def newest_frame() -> Frame:
    return frames[0]


def selected_frame() -> Frame:
    return selected[-1] if selected else frames[0]


def parse_and_eval(expression: str) -> Any:
    if expression not in values:
        raise error(f"No symbol in {expression}")
    return values[expression]


def lookup_type(name: str) -> Any:
    return types[name]


def execute(order: str, to_string: bool = False) -> str:
    orders.append((order, to_string))
    answer = answers.get(order, "")
    if callable(answer):
        answer = answer()
    if isinstance(answer, Exception):
        raise answer
    return answer


sys.modules["gdb"] = sys.modules[__name__]
