# SPDX-License-Identifier: MIT
"""Runs a few hundred instructions of MIPS assembly on a simulated CPU, to see which registers survive. It knows the
instructions of arch/mips/*.S. It also keeps one rule ignored by emulators. An MTC0 or DI takes effect only at an EHB
(MIPS32 volume III, "CP0 Hazards")."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Callable

TEXT = 0x80100000
TARGET = "mips-linux-gnu"
FLAGS = ["-EB", "-march=p5600", "-mabi=32", "-mno-abicalls", "-G0", "-msoft-float", "-ffreestanding", "-fno-pic", "-I."]
SCRIPT = "SECTIONS { . = 0x80100000; .all : { *(.text) *(.rodata) } /DISCARD/ : { *(*) } }\n"
STATUS, CAUSE, EPC, BADVADDR, KSCRATCH = (12, 0), (13, 0), (14, 0), (8, 0), (31, 2)
IE, EXL = 1, 2
LIMIT = 1000  # instructions
MASK = 0xFFFFFFFF


class Wrong(Exception):
    """Raised if the code breaks a rule of the CPU or of the test."""


class Program:
    """Assembles and links the sources. `others` gives symbols of C with addresses of the test's choice."""

    def __init__(self, place: Path, sources: list[str], others: dict[str, int]):
        place.mkdir(parents=True, exist_ok=True)
        objects = []
        for source in sources:
            objects.append(str(place / f"{Path(source).name}.o"))
            subprocess.run([f"{TARGET}-gcc", *FLAGS, "-c", "-o", objects[-1], source], check=True)
        (place / "all.ld").write_text(SCRIPT, encoding="ascii")
        symbols = [f"--defsym={name}={value:#x}" for name, value in others.items()]
        linked, raw = str(place / "all.elf"), str(place / "all.bin")
        subprocess.run([f"{TARGET}-ld", "-EB", "-T", str(place / "all.ld"), "-e", "0", *symbols, "-o", linked, *objects], check=True)
        subprocess.run([f"{TARGET}-objcopy", "-O", "binary", linked, raw], check=True)
        self.code = Path(raw).read_bytes()
        names = subprocess.run([f"{TARGET}-nm", linked], check=True, text=True, stdout=subprocess.PIPE).stdout
        self.symbol = {match[2]: int(match[1], 16) & MASK for match in re.finditer(r"^(\w+) \w (\S+)$", names, re.MULTILINE)}

    def word(self, at: int) -> int:
        offset = at - TEXT
        if at % 4 or not 0 <= offset < len(self.code):
            raise Wrong(f"runs at {at:#x}, where no code is")
        return int.from_bytes(self.code[offset:offset + 4], "big")


def signed(value: int, bits: int = 16) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


class Cpu:
    """The simulated CPU. `calls` holds Python functions by address. They replace functions of C and return to $ra.
    `memory` holds 32-bit words by address, and only words set before or stored can be loaded. `waits` counts the
    executed WAITs."""

    def __init__(self, program: Program):
        self.program = program
        self.reg = [0] * 32
        self.hi = self.lo = 0
        self.cp0: dict[tuple[int, int], int] = {}
        self.fpr: dict[str, int] = {}
        self.memory: dict[int, int] = {}
        self.calls: dict[int, Callable[[Cpu], None]] = {}
        self.pending = ""  # a change in need of an EHB
        self.in_force = 0  # Status at the last EHB
        self.waits = 0
        self.uhi: list[tuple[int, int, int]] = []  # code, $25 and $4 of each SDBBP
        self.jump: int | None = None
        self.linked: int | None = None
        self.sc_fails = 0  # the number of SCs still to fail
        self.syncs: list[int] = []  # indices into the trace
        self.trace: list[int] = []

    def load(self, at: int) -> int:
        if at % 4 or at not in self.memory:
            raise Wrong(f"loads from {at:#x}")
        return self.memory[at]

    def store(self, at: int, value: int) -> None:
        if at % 4:
            raise Wrong(f"stores at {at:#x}")
        self.memory[at] = value & MASK

    def run(self, pc: int, *ends: int) -> int:
        """Runs from `pc` up to one of the ends, an ERET or a SYSCALL. Returns the address there."""
        self.in_force = self.cp0[STATUS]
        for _ in range(LIMIT):
            if pc in ends:
                self.settled("ends")
                return pc
            if pc in self.calls:
                self.settled("calls C")
                self.calls[pc](self)
                self.in_force = self.cp0[STATUS]
                pc = self.reg[31]
                continue
            word = self.program.word(pc)
            self.trace.append(pc)
            if word == 0x42000018 or word & 0xFC00003F == 0x0000000C:
                if word == 0x42000018:
                    self.settled("ERET")
                    self.cp0[STATUS] &= ~EXL
                return pc
            self.jump = None
            self.execute(pc, word)
            if self.jump is not None:
                target = self.jump
                self.trace.append(pc + 4)
                self.execute(pc + 4, self.program.word(pc + 4))
                if self.jump != target:
                    raise Wrong(f"a jump in the delay slot at {pc + 4:#x}")
                pc = target
            else:
                pc += 4
        raise Wrong(f"comes to no end, at {pc:#x}")

    def settled(self, what: str) -> None:
        if self.pending:
            raise Wrong(f"{what} with no EHB since {self.pending}")

    def set(self, number: int, value: int) -> None:
        if self.pending == "DI":
            raise Wrong("interrupts may still be on: DI without EHB")
        if number:
            self.reg[number] = value & MASK

    def execute(self, pc: int, word: int) -> None:
        op, rs, rt, rd = word >> 26, word >> 21 & 31, word >> 16 & 31, word >> 11 & 31
        near, reg = signed(word & 0xFFFF), self.reg
        branch = (pc + 4 + near * 4) & MASK
        at = (reg[rs] + near) & MASK
        if op == 0:
            self.special(word, rs, rt, rd)
        elif op == 0x10:
            self.coprocessor(word, rs, rt, rd)
        elif op == 0x11:
            if rs == 4:
                self.fpr["high"] = 0xBADBADBA  # unpredictable (volume II, MTC1)
            self.fpr["low" if rs == 4 else "high"] = reg[rt]
            if rs not in (4, 7):
                raise Wrong(f"unknown instruction {word:08x} at {pc:#x}")
        elif op == 0x1C and word & 0x3F == 0x3F:  # SDBBP
            self.uhi.append((word >> 6 & 0xFFFFF, reg[25], reg[4]))
        elif op in (2, 3):
            self.jump = (pc & 0xF0000000) | (word & 0x03FFFFFF) << 2
            if op == 3:
                self.set(31, pc + 8)
        elif op == 4:
            self.jump = branch if reg[rs] == reg[rt] else None
        elif op == 5:
            self.jump = branch if reg[rs] != reg[rt] else self.jump
        elif op == 9:
            self.set(rt, at)
        elif op == 0xB:
            self.set(rt, reg[rs] < near & MASK)
        elif op == 0xC:
            self.set(rt, reg[rs] & word & 0xFFFF)
        elif op == 0xD:
            self.set(rt, reg[rs] | word & 0xFFFF)
        elif op == 0xF:
            self.set(rt, (word & 0xFFFF) << 16)
        elif op == 0x23:
            self.set(rt, self.load(at))
        elif op == 0x2B:
            self.settled_di()
            self.store(at, reg[rt])
        elif op == 0x30:  # LL
            self.set(rt, self.load(at))
            self.linked = at
        elif op == 0x38:  # SC
            done = self.linked == at and not self.sc_fails
            if done:
                self.store(at, reg[rt])
            self.sc_fails -= not done
            self.set(rt, int(done))
            self.linked = None
        elif op == 0x3D:  # SDC1, big-endian
            self.store(at, self.fpr["high"])
            self.store(at + 4, self.fpr["low"])
        else:
            raise Wrong(f"unknown instruction {word:08x} at {pc:#x}")

    def settled_di(self) -> None:
        if self.pending == "DI":
            raise Wrong("interrupts may still be on: DI without EHB")

    def special(self, word: int, rs: int, rt: int, rd: int) -> None:
        function, reg = word & 0x3F, self.reg
        if word == 0xC0:  # EHB
            self.pending = ""
            self.in_force = self.cp0[STATUS]
        elif function == 0xF:  # SYNC
            self.syncs.append(len(self.trace))
        elif function == 0:
            self.set(rd, reg[rt] << (word >> 6 & 31))
        elif function == 8:
            self.jump = reg[rs]
        elif function == 0x10:
            self.set(rd, self.hi)
        elif function == 0x12:
            self.set(rd, self.lo)
        elif function == 0x11:
            self.hi = reg[rs]
        elif function == 0x13:
            self.lo = reg[rs]
        elif function == 0x21:
            self.set(rd, reg[rs] + reg[rt])
        elif function == 0x23:
            self.set(rd, reg[rs] - reg[rt])
        elif function == 0x24:
            self.set(rd, reg[rs] & reg[rt])
        elif function == 0x25:
            self.set(rd, reg[rs] | reg[rt])
        elif function == 0x26:
            self.set(rd, reg[rs] ^ reg[rt])
        elif function == 0x27:
            self.set(rd, ~(reg[rs] | reg[rt]))
        else:
            raise Wrong(f"unknown instruction {word:08x}")

    def coprocessor(self, word: int, rs: int, rt: int, rd: int) -> None:
        register = (rd, word & 7)
        if rs == 0:
            self.set(rt, self.cp0[register])
        elif rs == 4:
            if register == EPC and self.in_force & (IE | EXL) == IE:
                raise Wrong("EPC is written while an interrupt may come")
            self.cp0[register] = self.reg[rt]
            self.pending = "MTC0"
        elif rs == 0xB and word & 0xFFFF == 0x6000:
            self.cp0[STATUS] &= ~IE
            self.pending = "DI"
        elif word == 0x42000020:
            self.settled("WAIT")
            self.waits += 1
        else:
            raise Wrong(f"unknown instruction {word:08x}")
