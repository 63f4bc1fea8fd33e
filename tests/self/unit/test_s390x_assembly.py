#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs arch/s390x/entry.S and user.S one instruction at a time on a simulated CPU. Fails if a frame goes to the wrong
stack, if one of its bytes is wrong, or if the user's program does not name a lost register."""
from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))
sys.path.insert(0, str(ROOT / "tests/self/unit"))

from s390x_cpu import Cpu, Wrong  # noqa: E402  (its directory must be on the path first)
from tap import PLACE, call, check, finish, skip  # noqa: E402

TOOL = "s390x-linux-gnu-"
# Principles of Operation, chapter 3, "Assigned Storage Locations", and then arch/s390x/asm_defs.h.
OLD_PSWS, SAVE, RETURN_PSW, CPU_ID, LC_STACK, LC_EMERGENCY, LC_USER_CONTEXT, LC_USER_PSW, LC_MARK = (
    0x120, 0x200, 0x380, 0x390, 0x398, 0x3a0, 0x3a8, 0x3b0, 0x3e8)
CLASSES = ("restart", "external", "svc", "program", "machine_check", "io")
STACK, STACK_SIZE, EMERGENCY, EMERGENCY_SIZE = 0x500000, 16384, 0x600000, 8192
ROOM = 160 + 184 + 512  # the ABI's area, the frame, and the first functions
USER_CONTEXT = STACK + 0x2008
PROBLEM = 1 << 48
KERNEL = 0x0404000180000000
PASSED, BAD = 0x600df00d, 0xbad00000


def listing(name: str) -> str:
    """Assembles the file and returns its listing."""
    made = PLACE / f"{name}.o"
    made.unlink(missing_ok=True)
    built = call([f"{TOOL}gcc", "-c", "-march=z10", "-I.", "-o", str(made), f"arch/s390x/{name}.S"])
    if not check(built.status == 0, f"{name}.S is assembled", built.text):
        finish()
    return call([f"{TOOL}objdump", "-drz", *(word for part in (".text", ".text.try", ".rodata") for word in ("-j", part)),
                 str(made)]).text


def interrupted(text: str, name: str, sp: int, mask: int = KERNEL) -> Cpu:
    """Returns a CPU at the new PSW of this interruption class."""
    cpu = Cpu(text)
    for at in range(0, 0x400, 8):
        cpu.fill(at, 8, 0xa5a5000000000000 + at)
    cpu.fill(LC_STACK, 8, STACK)
    cpu.fill(LC_EMERGENCY, 8, EMERGENCY)
    cpu.fill(LC_USER_CONTEXT, 8, USER_CONTEXT)
    cpu.fill(OLD_PSWS + 16 * CLASSES.index(name), 8, mask)
    cpu.fill(OLD_PSWS + 16 * CLASSES.index(name) + 8, 8, 0xabcdef)
    cpu.r[15] = sp
    return cpu


def frame_of(cpu: Cpu, name: str, before: list[int], below: int) -> list[str]:
    """Returns every mistake in the frame below this stack pointer."""
    at = (below & ~7) - 184
    place, low = CLASSES.index(name), cpu.memory.copy()
    expected = dict(zip(range(at, at + 128, 8), before))
    expected |= {at + 128: cpu.load(OLD_PSWS + 16 * place, 8), at + 136: 0xabcdef,
                 at + 148: cpu.load(0x80, 8), at + 156: cpu.load(0x88, 8), at + 168: cpu.load(0xa8, 8),
                 at + 176: cpu.load(0xe8, 8), at - 160: before[15]}
    expected |= {SAVE + 64 * place + 8 * i: before[8 + i] for i in range(8)}
    wrong = [f"{where:#x} holds {cpu.load(where, 8):#x}, not {value:#x}" for where, value in expected.items()
             if all(where + i in low for i in range(8)) and cpu.load(where, 8) != value]
    wrong += [f"{where:#x} holds nothing" for where in expected if where not in low]
    if at + 144 not in low or cpu.load(at + 144, 4) != place:
        wrong.append("the class")
    bytes_of = {where + i for where in expected for i in range(8)} | set(range(at + 144, at + 148))
    if {where: 1 for where in bytes_of} != dict(cpu.written):
        wrong.append(f"written: {sorted(hex(where) for where in set(cpu.written) ^ bytes_of)}, or more than once")
    if cpu.r[2] != at or cpu.r[15] != at - 160:
        wrong.append(f"%r2={cpu.r[2]:#x} %r15={cpu.r[15]:#x}, the frame is at {at:#x}")
    return wrong


def returns(cpu: Cpu) -> list[str]:
    """Spoils everything a function may spoil, changes the frame, and returns from s390_trap(). The CPU must leave with
    the frame's values."""
    at, sp = cpu.r[2], cpu.r[15]
    for n in (0, 1, 2, 3, 4, 5, 14):
        cpu.r[n] = 0xdead
    new = [0x3300 + n for n in range(16)] + [0x44, 0x55]
    for i, value in enumerate(new):
        cpu.fill(at + 8 * i, 8, value)
    cpu.written.clear()
    behind = sorted(place for place in cpu.code if place > next(
        where for where, code in cpu.code.items() if code[0] == "brasl" and code[2] == "s390_trap"))[0]
    cpu.symbols["behind"] = behind
    left = cpu.run("behind")
    psw = (cpu.load(RETURN_PSW, 8), cpu.load(RETURN_PSW + 8, 8))
    good = left == ("lpswe", RETURN_PSW) and cpu.r == new[:16] and psw == (0x44, 0x55) and \
        dict(cpu.written) == {RETURN_PSW + i: 1 for i in range(16)}
    return [] if good else [f"{left} {[hex(value) for value in cpu.r]} {psw} {sorted(cpu.written)} sp={sp:#x}"]


def tried(what: str, text: str, name: str, sp: int, below: int, mask: int = KERNEL) -> None:
    cpu = interrupted(text, name, sp, mask)
    before = cpu.r.copy()
    try:
        left = cpu.run(f"entry_{name}")
        wrong = [] if left[0] == "brasl" and cpu.called == "s390_trap" else [f"leaves by {left}"]
        wrong += frame_of(cpu, name, before, below) or returns(cpu)
    except Wrong as error:
        wrong = [str(error)]
    check(not wrong, f"entry_{name}, {what}: the frame, every byte once; then all that the frame says", *wrong)


def entries(text: str) -> None:
    for name in CLASSES:
        tried("on the stack", text, name, STACK + 0x1238, STACK + 0x1238)
        tried("from the user", text, name, 0x7000, USER_CONTEXT, KERNEL | PROBLEM)
    top, emergency_top = STACK + STACK_SIZE, EMERGENCY + EMERGENCY_SIZE
    for what, sp, below in (
            ("with just enough room", STACK + ROOM, STACK + ROOM), ("without it", STACK + ROOM - 8, emergency_top),
            ("at the top", top, top), ("above it", top + 8, emergency_top), ("with a crooked stack pointer", STACK + 0x1007, STACK + 0x1007),
            ("on the emergency stack", EMERGENCY + ROOM, EMERGENCY + ROOM), ("at its top", emergency_top, emergency_top),
            ("without room there", EMERGENCY + ROOM - 8, emergency_top), ("above that", emergency_top + 8, emergency_top),
            ("with a wild stack pointer", 0x10, emergency_top)):
        tried(what, text, "program", sp, below)
    tried("with all bits but the problem state's", text, "program", STACK + 0x1000, STACK + 0x1000, 0xfffeffffffffffff)


def ends(text: str, symbol: str, cpu: Cpu | None = None) -> tuple[Cpu, tuple[str, int]]:
    cpu = cpu or Cpu(text)
    try:
        return cpu, cpu.run(symbol)
    except Wrong as error:
        return cpu, (str(error), 0)


def others(text: str) -> None:
    cpu = Cpu(text)
    cpu.fill(LC_MARK, 4, 7)
    before = cpu.r.copy()
    cpu, left = ends(text, "entry_restart_mark", cpu)
    check(left == ("lpswe", OLD_PSWS) and cpu.load(LC_MARK, 4) == 8 and cpu.r == before, "a restart that counts: one more", left)
    cpu = Cpu(text)
    cpu.fill(LC_STACK, 8, STACK)
    cpu, left = ends(text, "ap_entry", cpu)
    sp = STACK + STACK_SIZE - 160
    check(left[0] == "brasl" and cpu.called == "s390_ap_start" and cpu.r[15] == sp and dict(cpu.written) ==
          {sp + i: 1 for i in range(8)} and not cpu.load(sp, 8), "a CPU that starts: its stack, no caller", left)
    behind = next(at for at, code in cpu.code.items() if code[0] == "j" and code[1] == hex(at))
    check(min(at for at in cpu.code if at > next(where for where, code in cpu.code.items() if code[-1] == "s390_ap_start")) == behind,
          "and goes nowhere from there")
    cpu, left = ends(text, "cpu_idle")
    check(left == ("lpswe", 0x123000), "idle: the PSW that waits", left)
    cpu, left = ends(text, "idle_done")
    check(left == ("br", cpu.r[14]), "which returns", left)
    cpu = Cpu(text)
    cpu.r[2], cpu.r[3] = 0x9000, 0x8000
    cpu.user[0x9000] = cpu.user[0x9001] = cpu.user[0x9002] = 0
    cpu.user[0x9003] = 5
    cpu, left = ends(text, "try_load_asm", cpu)
    check(left == ("br", cpu.r[14]) and cpu.r[2] == 1 and not cpu.secondary and dict(cpu.written) == {0x8000 + i: 1 for i in range(4)}
          and cpu.load(0x8000, 4) == 5, "try_load(): the user's word, to us", left)
    cpu = Cpu(text)
    cpu.r[2] = 0x9000
    value = cpu.r[3] & 0xffffffff
    cpu, left = ends(text, "try_store_asm", cpu)
    check(left == ("br", cpu.r[14]) and cpu.r[2] == 1 and not cpu.secondary and not cpu.memory and
          [cpu.user.get(0x9000 + i) for i in range(5)] == [*value.to_bytes(4, "big"), None], "try_store(): our word, to the user", left)
    cpu = Cpu(text)
    cpu.secondary = True
    cpu, left = ends(text, "try_failed", cpu)
    check(left == ("br", cpu.r[14]) and cpu.r[2] == 0 and not cpu.secondary, "one that faulted: 0, in our space", left)


def user_mode(text: str) -> None:
    cpu = Cpu(text)
    before = cpu.r.copy()
    cpu.r[15] = before[15] = STACK + 0x1000
    cpu, left = ends(text, "user_enter", cpu)
    check(left == ("lpswe", LC_USER_PSW) and cpu.r == [0, 0, before[2], before[3], *[0] * 11, before[4]],
          "the user gets its two arguments, its stack pointer, and nothing else", left, cpu.r)
    check(cpu.load(LC_USER_CONTEXT, 8) == before[15], "ours is kept")
    cpu.r = [0xdead] * 16
    cpu, left = ends(text, "user_resume", cpu)
    check(left == ("br", before[14]) and cpu.r[6:] == before[6:], "and user_enter() returns with what a function keeps", left)


def finished(text: str, word: int, break_it: object = None, leak: int = 0) -> tuple[int, Cpu]:
    """Runs user_program() and returns its value. `break_it` is called at its load. `leak` names a register with another
    value than user_enter() leaves in it."""
    cpu = Cpu(text)
    cpu.r = [0] * 16  # as user_enter() leaves them
    cpu.r[2], cpu.r[3], cpu.r[15] = 0x9000, ~0x9000 & 0xffffffff, 0xa000
    cpu.r[leak] ^= 0x8000000000000000 if leak not in (0, 3) else leak
    cpu.fill(0x9000, 4, word)
    if break_it:
        cpu.watch["l"] = lambda operands: operands == ["%r1", "0(%r2)"] and break_it(cpu)  # type: ignore[operator]
    cpu, left = ends(text, "user_program", cpu)
    return (cpu.r[2] & 0xffffffff if left == ("svc", 0) else -1), cpu


def lose(n: int):
    def broken(cpu: Cpu) -> None:
        cpu.r[n] += 1
    return broken


def programs(text: str) -> None:
    said, cpu = finished(text, 0x12345678)
    check(said == 0x12345678 ^ PASSED and cpu.load(0x9004, 4) == 0x12345678 ^ 0xffffffff, "user_program: word and complement",
          hex(said))
    check(set(cpu.written) == {0x9004 + i for i in range(4)} | {0xa000 - 8 + i for i in range(8)}, "and writes nothing else")
    for n in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14):
        said, _ = finished(text, 1, lose(n))
        check(said == BAD + n, f"%r{n} is lost in a fault: said so", hex(said))
    said, _ = finished(text, 1, lose(13))
    check(said == BAD + 15, "%r15 or its copy: said so", hex(said))

    def moved(cpu: Cpu) -> None:
        cpu.r[2] += 0x100
        cpu.fill(cpu.r[2], 4, 1)
    said, _ = finished(text, 1, moved)
    check(said == BAD + 2, "%r2: said so", hex(said))
    for cc, expected in ((0, BAD + 100), (1, BAD + 100), (2, 1 ^ PASSED), (3, BAD + 100)):
        said, _ = finished(text, 1, lambda cpu, cc=cc: setattr(cpu, "cc", cc))
        check(said == expected, f"a condition code of {cc}: {expected:#x}", hex(said))
    patterns: list[int] = []
    finished(text, 1, lambda cpu: patterns.extend(cpu.r))
    expected = [1 if n == 0 else 0x9000 if n == 2 else 0xa000 if n in (13, 15) else 0x5a5b5c00 + n for n in range(16)]
    check(patterns == expected, "each register holds a value of its own, but for the copy of %r15", patterns)
    for n in (1, *range(4, 15)):
        said, _ = finished(text, 1, leak=n)
        check(said == BAD + 101, f"%r{n} has something of the kernel's: said so", hex(said))
    said, _ = finished(text, 1, leak=3)
    check(said == BAD + 102, "the second argument is another: said so", hex(said))


def routine(text: str, name: str, word: int, value: int, change: object = None) -> tuple[int, int, int]:
    """Runs a routine of user.S. Returns its value, the word left in memory, and the number of stored bytes."""
    cpu = Cpu(text)
    cpu.r[2], cpu.r[3] = 0x9000, value | 0x5500000000
    cpu.fill(0x9000, 4, word)
    if change:
        cpu.watch["l"] = lambda operands: change(cpu)  # type: ignore[operator]
    cpu, left = ends(text, name, cpu)
    return cpu.r[2] & 0xffffffff if left == ("svc", 0) else -1, cpu.load(0x9000, 4), sum(cpu.written.values())


def routines(text: str) -> None:
    # The listing has one name for an address, so user_load_code is called user_code here.
    check(routine(text, "user_code", 0x87654321, 5) == (0x87654321, 0x87654321, 0), "a load, the first routine: the word")
    found = routine(text, "user_store_code", 0x87654321, 5)
    check(found[1:] == (5, 4), "a store: the word, and nothing beside", found)
    for word in (0x87654321, 0):
        found = routine(text, "user_xchg_code", word, 5)
        check(found == (word, 5, 4), "an exchange, and what was there", found)
    check(routine(text, "user_spin_code", 4, 5) == (4, 4, 0), "a spin: another word is there")
    loads = [0]

    def third(cpu: Cpu) -> None:
        loads[0] += 1
        if loads[0] == 3:
            cpu.fill(0x9000, 4, 6)
    check(routine(text, "user_spin_code", 5, 5, third) == (6, 6, 0) and loads == [3], "or comes to be there", loads)

    def short(cpu: Cpu) -> None:
        loads[0] += 1
        if cpu.r[4] == 0x1000000:
            cpu.r[4] = 4
    loads[0] = 0
    check(routine(text, "user_spin_code", 5, 5, short) == (5, 5, 0) and loads == [4], "it comes back after 2^24 loads", loads)
    cpu = Cpu(text)
    cpu.r[2], cpu.r[3] = 0x9004, 0x5500000003
    cpu, left = ends(text, "user_touch_code", cpu)
    touched = {at for page in range(3) for at in range(0x9004 + 0x1000 * page, 0x9008 + 0x1000 * page)}
    check(left == ("svc", 0) and set(cpu.written) == touched and cpu.load(0xb004, 4), "a store to each of three pages", cpu.written)


PLACE.mkdir(parents=True, exist_ok=True)
if shutil.which(f"{TOOL}gcc") and shutil.which(f"{TOOL}objdump"):
    entry, user = listing("entry"), listing("user")
    entries(entry)
    others(entry)
    user_mode(user)
    programs(user)
    routines(user)
else:
    skip("the assembly of the s390x port", f"no {TOOL}gcc: tools/setup test")
finish()
