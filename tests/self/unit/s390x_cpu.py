# SPDX-License-Identifier: MIT
"""A simulated CPU with the instructions of arch/s390x/entry.S and user.S, as the Principles of Operation define
them."""
from __future__ import annotations

import re
from collections import Counter

LINE = re.compile(r"\s*([0-9a-f]+):\t(?:[0-9a-f]{2} )+\s*\t(\S+)(?:\t(\S+))?")
SYMBOL = re.compile(r"([0-9a-f]+) <(\w+)>:")
RELOCATION = re.compile(r"\s+[0-9a-f]+: R_390_PC32DBL\t([\w.]+)\+0x2")
PLACE = re.compile(r"(-?\d+)(?:\((?:(\d+),)?(?:%r(\d+))?\))?")
BITS = (1 << 64) - 1
# The condition codes of each taken branch.
BRANCHES = {"j": (0, 1, 2, 3), "je": (0,), "jne": (1, 2, 3), "jle": (0, 1), "jnh": (0, 1, 3), "jz": (0,), "jlh": (1, 2)}


class Wrong(Exception):
    """Raised if the program breaks a rule of the CPU or of the test."""


def program(listing: str) -> tuple[dict[int, list[str]], dict[str, int]]:
    """Reads the output of `objdump -dr`. Returns the instructions by address, and the symbols. Sections are placed
    0x10000 apart."""
    code: dict[int, list[str]] = {}
    symbols: dict[str, int] = {}
    base, last = -0x10000, 0
    for line in listing.splitlines():
        if line.startswith("Disassembly of section"):
            base += 0x10000
        elif match := SYMBOL.match(line):
            symbols[match[2]] = base + int(match[1], 16)
        elif match := RELOCATION.match(line):
            code[last][-1] = match[1]
        elif match := LINE.match(line):
            last = base + int(match[1], 16)
            operands = re.sub(r",(?![^(]*\))", " ", match[3] or "").split()
            if match[2] in BRANCHES or match[2] == "brct":
                operands[-1] = hex(base + int(operands[-1], 16))
            code[last] = [match[2], *operands]
    return code, symbols


class Cpu:
    """The CPU and its memory. Reading a byte never written is an error. `user` is the memory of secondary-space
    mode."""

    def __init__(self, listing: str):
        self.code, self.symbols = program(listing)
        self.memory: dict[int, int] = {}
        self.user: dict[int, int] = {}
        self.written: Counter[int] = Counter()
        self.r = [0x1111 * n + 0x7700000000000000 for n in range(16)]
        self.cc, self.secondary = 3, False
        self.watch: dict[str, object] = {}  # called before each instruction with this name

    def space(self) -> dict[int, int]:
        return self.user if self.secondary else self.memory

    def load(self, at: int, size: int) -> int:
        at &= BITS
        if any(at + i not in self.space() for i in range(size)):
            raise Wrong(f"reads {size} bytes at {at:#x}, which nobody wrote")
        return int.from_bytes(bytes(self.space()[at + i] for i in range(size)), "big")

    def store(self, at: int, size: int, value: int) -> None:
        at &= BITS
        for i, byte in enumerate((value & (1 << 8 * size) - 1).to_bytes(size, "big")):
            self.space()[at + i] = byte
            self.written[at + i] += 1

    def fill(self, at: int, size: int, value: int) -> None:
        self.store(at, size, value)
        for i in range(size):
            del self.written[at + i]

    def place(self, operand: str) -> tuple[int, int]:
        """Returns the address and the length of a storage operand."""
        match = PLACE.fullmatch(operand)
        if not match:
            raise Wrong(f"an operand {operand}")
        base = int(match[3]) if match[3] else 0
        return (int(match[1]) + (self.r[base] if base else 0)) & BITS, int(match[2] or 0)

    def compare(self, one: int, other: int) -> None:
        self.cc = 0 if one == other else 1 if one < other else 2

    def run(self, symbol: str) -> tuple[str, int]:
        """Runs until the program leaves. Returns the last instruction, and the address or number it leaves to."""
        at = self.symbols[symbol]
        for _ in range(1000):
            if at not in self.code:
                raise Wrong(f"runs off its code, at {at:#x}")
            name, *operands = self.code[at]
            if name in self.watch:
                self.watch[name](operands)  # type: ignore[operator]
            following = min((place for place in self.code if place > at), default=-1)
            if name in BRANCHES:
                target = int(operands[0], 16)
                if target == at:
                    return "forever", at
                at = target if self.cc in BRANCHES[name] else following
                continue
            if name == "brct":
                n = number(operands[0])
                self.r[n] = self.r[n] & ~0xffffffff | (self.r[n] - 1) & 0xffffffff
                at = int(operands[1], 16) if self.r[n] & 0xffffffff else following
                continue
            if name in ("brasl", "lpswe", "br", "svc"):
                return name, self.leave(name, operands)
            getattr(self, f"do_{name}", self.unknown)(operands)
            at = following
        raise Wrong("never ends")

    def leave(self, name: str, operands: list[str]) -> int:
        if name == "brasl":
            self.called = operands[1]
            return 0
        if name == "lpswe":
            return self.place(operands[0])[0]
        return self.r[number(operands[0])] if name == "br" else int(operands[0])

    def unknown(self, operands: list[str]) -> None:
        raise Wrong(f"an instruction that it is not known to use, {operands}")

    def registers(self, operands: list[str]) -> list[int]:
        return list(range(number(operands[0]), number(operands[1]) + 1))

    def do_stmg(self, operands: list[str]) -> None:
        for i, n in enumerate(self.registers(operands)):
            self.store(self.place(operands[2])[0] + 8 * i, 8, self.r[n])

    def do_lmg(self, operands: list[str]) -> None:
        at = self.place(operands[2])[0]
        for i, n in enumerate(self.registers(operands)):
            self.r[n] = self.load(at + 8 * i, 8)

    def do_stg(self, operands: list[str]) -> None:
        self.store(self.place(operands[1])[0], 8, self.r[number(operands[0])])

    def do_st(self, operands: list[str]) -> None:
        self.store(self.place(operands[1])[0], 4, self.r[number(operands[0])])

    def do_lg(self, operands: list[str]) -> None:
        self.r[number(operands[0])] = self.load(self.place(operands[1])[0], 8)

    def do_l(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] = self.r[n] & ~0xffffffff | self.load(self.place(operands[1])[0], 4)

    def do_lgr(self, operands: list[str]) -> None:
        self.r[number(operands[0])] = self.r[number(operands[1])]

    def do_lr(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] = self.r[n] & ~0xffffffff | self.r[number(operands[1])] & 0xffffffff

    def do_lhi(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] = self.r[n] & ~0xffffffff | int(operands[1]) & 0xffffffff

    def do_ogr(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] |= self.r[number(operands[1])]
        self.cc = int(self.r[n] != 0)

    def do_cr(self, operands: list[str]) -> None:
        self.compare(*(self.r[number(operand)] & 0xffffffff for operand in operands))

    def do_cs(self, operands: list[str]) -> None:
        at, n = self.place(operands[2])[0], number(operands[0])
        there = self.load(at, 4)
        self.cc = int(there != self.r[n] & 0xffffffff)
        if self.cc:
            self.r[n] = self.r[n] & ~0xffffffff | there
        else:
            self.store(at, 4, self.r[number(operands[1])])

    def do_ltgr(self, operands: list[str]) -> None:
        self.do_lgr(operands)
        value = self.r[number(operands[1])]
        self.cc = 0 if not value else 1 if value >> 63 else 2

    def do_lghi(self, operands: list[str]) -> None:
        self.r[number(operands[0])] = int(operands[1]) & BITS

    def do_llilf(self, operands: list[str]) -> None:
        self.r[number(operands[0])] = int(operands[1])

    def do_la(self, operands: list[str]) -> None:
        self.r[number(operands[0])] = self.place(operands[1])[0]

    def do_larl(self, operands: list[str]) -> None:
        self.r[number(operands[0])] = 0x123000 if operands[1] == ".rodata" else 0

    def do_aghi(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] = (self.r[n] + int(operands[1])) & BITS
        self.cc = 3

    def do_slg(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] = (self.r[n] - self.load(self.place(operands[1])[0], 8)) & BITS
        self.cc = 3

    def do_nill(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] &= ~0xffff | int(operands[1])
        self.cc = int(self.r[n] & 0xffff != 0)

    def do_xilf(self, operands: list[str]) -> None:
        n = number(operands[0])
        self.r[n] ^= int(operands[1])
        self.cc = int(self.r[n] & 0xffffffff != 0)

    def do_tmhh(self, operands: list[str]) -> None:
        found = self.r[number(operands[0])] >> 48 & int(operands[1])
        self.cc = 0 if not found else 3

    def do_clgfi(self, operands: list[str]) -> None:
        self.compare(self.r[number(operands[0])], int(operands[1]))

    def do_clgr(self, operands: list[str]) -> None:
        self.compare(self.r[number(operands[0])], self.r[number(operands[1])])

    def do_clg(self, operands: list[str]) -> None:
        self.compare(self.r[number(operands[0])], self.load(self.place(operands[1])[0], 8))

    def do_asi(self, operands: list[str]) -> None:
        at = self.place(operands[0])[0]
        self.store(at, 4, self.load(at, 4) + int(operands[1]))

    def do_mvc(self, operands: list[str]) -> None:
        (to, size), (source, _) = self.place(operands[0]), self.place(operands[1])
        for i in range(size):
            self.store(to + i, 1, self.load(source + i, 1))

    def do_xc(self, operands: list[str]) -> None:
        at, size = self.place(operands[0])
        if at != self.place(operands[1])[0]:
            raise Wrong("XC of two places")
        self.store(at, size, 0)

    def do_sacf(self, operands: list[str]) -> None:
        if operands[0] not in ("0", "256"):
            raise Wrong(f"address-space control {operands[0]}")
        self.secondary = operands[0] == "256"


def number(register: str) -> int:
    match = re.fullmatch(r"%r(\d+)", register)
    if not match:
        raise Wrong(f"a register {register}")
    return int(match[1])
