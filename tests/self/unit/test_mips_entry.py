#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs arch/mips/entry.S, arch/mips/user.S and arch/mips/ops.S one instruction at a time on a simulated CPU. Fails if
an exception loses a register, saves it in the wrong place, or gives C a wrong frame, or if user mode sees anything of
the kernel's."""
from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/self/boot"), str(ROOT / "tests/self/unit/mips")]

from tap import PLACE, check, finish, skip  # noqa: E402  (its directory must be on the path first)
from simulator import BADVADDR, CAUSE, EPC, EXL, IE, KSCRATCH, STATUS, Cpu, Program, Wrong  # noqa: E402

# From asm_defs.h, offsets in struct mips_cpu and in struct trap_frame, and bits of Status.
KERNEL_SP, USER_CONTEXT, BOTTOM, TOP, EMERGENCY_TOP = 4, 8, 12, 16, 20
REG, HI, LO, F_STATUS, F_CAUSE, F_EPC, F_BADVADDR, FRAME = 16, 144, 148, 152, 156, 160, 164, 168
USER, IRQS, NOWAIT, TIMER = 0x10, 0x1C00, 0x2000, 0x4000
V0, V1, A0, A1, A2, A3, S, K0, K1, GP, SP, FP, RA = 2, 3, 4, 5, 6, 7, range(16, 24), 26, 27, 28, 29, 30, 31
CPU, STACK, STACK_SIZE, MARGIN, EMERGENCY, INNER = 0x80200000, 0x80300000, 16384, 1024, 0x80400000, 0x80301800
C_CODE, RETURN = 0x80500000, 0x80600000
KEPT = [n for n in range(1, 32) if n not in (K0, K1)]


def fresh(program: Program) -> Cpu:
    """Returns a CPU in the kernel and on its stack, with a different value in each register."""
    cpu = Cpu(program)
    cpu.reg = [0] + [0x11000000 + 0x10101 * n for n in range(1, 32)]
    cpu.reg[GP], cpu.reg[SP], cpu.reg[RA] = CPU, STACK + 0x2000, RETURN
    cpu.hi, cpu.lo = 0xABCD0001, 0xABCD0002
    cpu.memory = {CPU: 0, CPU + KERNEL_SP: INNER, CPU + USER_CONTEXT: 0, CPU + BOTTOM: STACK, CPU + TOP: STACK + STACK_SIZE,
                  CPU + EMERGENCY_TOP: EMERGENCY}
    cpu.cp0 = {STATUS: 0xFF00 | IE, CAUSE: 0x8000007C, EPC: 0x80123450, BADVADDR: 0x40200004, KSCRATCH: CPU}
    return cpu


def guarded(name: str, test, *args) -> None:
    try:
        bad = test(*args)
    except (Wrong, KeyError, AssertionError) as problem:
        bad = f"{type(problem).__name__}: {problem}"
    check(not bad, name, bad or "")


def differing(pairs: dict[str, tuple[int, int]]) -> str:
    return ", ".join(f"{name} is {got:#x}, not {want:#x}" for name, (got, want) in pairs.items() if got != want)


def exception(program: Program, vector: int, status: int, sp: int, frame: int) -> str:
    """Enters at the vector. C must find the frame at `frame`. It then changes the whole frame and spoils all registers
    that the ABI allows, and more. The interrupted code must go on with the frame's values."""
    cpu = fresh(program)
    cpu.cp0[STATUS] = status | EXL
    cpu.reg[SP], cpu.reg[GP] = sp, 0x7777
    before, memory = list(cpu.reg), set(cpu.memory)
    found = []

    def mips_trap(inside: Cpu) -> None:
        at = inside.reg[A0]
        kept = {f"${n}": (inside.memory[at + REG + 4 * n], before[n]) for n in KEPT}
        found.append(differing({
            "the frame": (at, frame), "$sp": (inside.reg[SP], frame), "$gp": (inside.reg[GP], CPU), **kept,
            "hi": (inside.memory[at + HI], 0xABCD0001), "lo": (inside.memory[at + LO], 0xABCD0002),
            "status": (inside.memory[at + F_STATUS], status | EXL), "cause": (inside.memory[at + F_CAUSE], 0x8000007C),
            "epc": (inside.memory[at + F_EPC], 0x80123450), "badvaddr": (inside.memory[at + F_BADVADDR], 0x40200004),
            "Status": (inside.cp0[STATUS], status & ~(IE | EXL | 4 | USER | IRQS))}))
        found.append(", ".join(f"{x:#x} was stored" for x in sorted(set(inside.memory) - memory)
                               if not frame + REG <= x < frame + FRAME))
        for n in KEPT:
            inside.memory[at + REG + 4 * n] = 0x22000000 + n
        inside.memory.update({at + HI: 5, at + LO: 6, at + F_STATUS: status & ~IRQS | EXL, at + F_EPC: 0x80123458})
        ra = inside.reg[RA]
        inside.reg = [0] + [0x33000000 + n for n in range(1, 32)]
        inside.reg[SP], inside.reg[GP], inside.reg[RA] = at, CPU, ra
        inside.hi = inside.lo = 0x44
        inside.cp0[STATUS] |= IE | TIMER
        inside.cp0[EPC] = 0x66
        if ra != program.symbol["mips_trap_return"]:
            found.append("returns elsewhere than at mips_trap_return")

    cpu.calls[C_CODE] = mips_trap
    cpu.run(vector)
    if cpu.trace[2] != program.symbol["mips_entry"]:
        found.append("the vector has more than a branch to mips_entry")
    after = differing({**{f"${n}": (cpu.reg[n], 0x22000000 + n) for n in KEPT}, "hi": (cpu.hi, 5), "lo": (cpu.lo, 6),
                       "Status": (cpu.cp0[STATUS], status & ~IRQS), "EPC": (cpu.cp0[EPC], 0x80123458)})
    return "; ".join(filter(None, [*found, after])) if found else "C was not called"


def exceptions(program: Program) -> None:
    base = program.symbol["mips_vectors"]
    kernel, user, inside = NOWAIT | TIMER | IRQS | IE, NOWAIT | IRQS | IE | USER, STACK + 0x2000
    check(base % 4096 == 0, "EBase has the address of a page", hex(base))
    for offset, name in ((0, "TLB refill"), (0x100, "cache error"), (0x180, "general")):
        guarded(f"{name} vector: all registers are kept, and come back as the frame has them", exception, program,
                base + offset, kernel, inside, inside - FRAME)
    guarded("from user mode: on the kernel's stack", exception, program, base + 0x180, user, 0x7FFF0000, INNER - FRAME)
    guarded("at an error level: Status.ERL is cleared", exception, program, base + 0x180, kernel | 4, inside, inside - FRAME)
    for sp, frame, name in ((STACK + MARGIN, STACK + MARGIN - FRAME, "just room enough"),
                            (STACK + MARGIN - 4, EMERGENCY - FRAME, "not room enough: the emergency stack"),
                            (STACK + STACK_SIZE, STACK + STACK_SIZE - FRAME, "an empty stack"),
                            (STACK + STACK_SIZE + 4, EMERGENCY - FRAME, "above the stack: the emergency stack"),
                            (STACK + MARGIN - 1, EMERGENCY - FRAME, "a byte too little"),
                            (STACK + STACK_SIZE + 1, EMERGENCY - FRAME, "a byte above"),
                            (0, EMERGENCY - FRAME, "no stack pointer at all")):
        guarded(f"the kernel's stack pointer at {sp:#x}: {name}", exception, program, base + 0x180, kernel, sp, frame)


def returned(cpu: Cpu, name: str, length: int, *spoiled: int) -> str:
    """Runs a function. It must take `length` instructions, so it cannot run on into its neighbour, and it may change
    only the registers in `spoiled`."""
    before = list(cpu.reg)
    cpu.run(cpu.program.symbol[name], RETURN)
    return differing({**{f"${n}": (cpu.reg[n], before[n]) for n in range(32) if n not in spoiled},
                      "instructions": (len(cpu.trace), length)})


def idle(program: Program, name: str, lines: int) -> str:
    cpu = fresh(program)
    cpu.cp0[STATUS], cpu.reg[A0] = NOWAIT | IE, lines
    bad = returned(cpu, name, 8 if name == "cpu_idle" else 7, A0, 8)
    wanted = IRQS if name == "cpu_idle" else lines
    start, end = program.symbol["mips_idle_start"], program.symbol["mips_idle_end"]
    off = next(i for i, pc in enumerate(cpu.trace) if pc == start)
    return bad or differing({"Status": (cpu.cp0[STATUS], NOWAIT | IE | wanted), "WAITs": (cpu.waits, 1),
                             "instructions from mips_idle_start to mips_idle_end": (end - start, 8),
                             "place of mips_idle_start": (cpu.trace[off + 2], end)})


def tried(program: Program) -> str:
    cpu = fresh(program)
    cpu.reg[A0], cpu.reg[A1], cpu.memory[0x40200000] = 0x40200000, STACK + 8, 0x1234
    bad = returned(cpu, "try_load", 4, 8, V0)
    bad += differing({"the value": (cpu.memory[STACK + 8], 0x1234), "what is loaded": (cpu.memory[0x40200000], 0x1234), "$v0": (cpu.reg[V0], 1), "the first instruction":
                      (program.symbol["try_load_access"], cpu.trace[0])})
    cpu = fresh(program)
    cpu.reg[A0], cpu.reg[A1] = 0x40200000, 0x5678
    bad += returned(cpu, "try_store", 3, V0)
    bad += differing({"what was stored": (cpu.memory[0x40200000], 0x5678), "$v0": (cpu.reg[V0], 1), "the first instruction":
                      (program.symbol["try_store_access"], cpu.trace[0])})
    cpu = fresh(program)
    cpu.reg[A2] = STACK + 16
    bad += returned(cpu, "try_failed", 4, V0)
    return bad + differing({"address": (cpu.memory[STACK + 16], 0x11000000 + 0x10101 * V0), "$v0": (cpu.reg[V0], 0),
                            "cause": (cpu.memory[STACK + 20], 0x11000000 + 0x10101 * V1)})


def user_mode(program: Program) -> str:
    """User mode must see nothing of the kernel's except the arguments. On return the kernel must find its registers,
    Status and stack unchanged."""
    cpu = fresh(program)
    cpu.cp0[STATUS] = NOWAIT | IE
    cpu.reg[A0], cpu.reg[A1], cpu.reg[A2], cpu.reg[A3] = 0x40200000, 0x40303000, 0x77, 0x88
    before = list(cpu.reg)
    low = set(cpu.memory)
    cpu.run(program.symbol["user_enter"])
    context = cpu.memory[CPU + USER_CONTEXT]
    bad = differing({**{f"${n}": (cpu.reg[n], {A0: 0x77, A1: 0x88, SP: 0x40303000}.get(n, 0)) for n in range(32)}, "hi": (cpu.hi, 0),
                     "lo": (cpu.lo, 0), "EPC": (cpu.cp0[EPC], 0x40200000), "Status": (cpu.cp0[STATUS], IE | USER | IRQS | NOWAIT),
                     "CPU_KERNEL_SP": (cpu.memory[CPU + KERNEL_SP], context)})
    kept = sorted(set(cpu.memory) - low)
    bad += "" if kept and kept[0] >= context and kept[-1] < before[SP] else f"keeps {kept} outside its frame"
    cpu.reg = [0] + [0x55000000 + n for n in range(1, 32)]
    cpu.reg[GP], cpu.reg[SP], cpu.cp0[STATUS] = CPU, context - 400, NOWAIT | IE | IRQS
    cpu.trace = []
    cpu.run(program.symbol["user_resume"], RETURN)
    return bad + differing({**{f"${n}": (cpu.reg[n], before[n]) for n in (*S, GP, SP, FP, RA)},
                            "instructions": (len(cpu.trace), 18),
                            "Status": (cpu.cp0[STATUS], NOWAIT | IE), "CPU_KERNEL_SP": (cpu.memory[CPU + KERNEL_SP], STACK + STACK_SIZE)})


def entered(cpu: Cpu, arg: int) -> None:
    """Sets the registers as user_enter() leaves them."""
    cpu.reg, cpu.hi, cpu.lo = [0] * 32, 0, 0
    cpu.reg[A0], cpu.reg[A1], cpu.reg[SP] = arg, ~arg & 0xFFFFFFFF, 0x40303000


def leaks(program: Program) -> str:
    """user_program() must name a register that still holds something of the kernel's, or a wrong argument."""
    bad = ""
    for name in ("hi", "lo", *(n for n in KEPT if n not in (A0, SP))):
        cpu = fresh(program)
        entered(cpu, 0x40300000)
        cpu.memory[0x40300000] = 1
        if isinstance(name, str):
            setattr(cpu, name, 0x80000000)
        else:
            cpu.reg[name] ^= 0x80000000
        cpu.run(program.symbol["user_program"])
        bad += differing({f"the call's value, with {name}": (cpu.reg[V0], 0xBAD00000 | (35 if name == A1 else 34))})
    return bad


def user_program(program: Program, lost: str, access: int) -> str:
    """Changes one register after the program's first or second access to memory, as if a page fault had lost it. The
    program must name it."""
    arg, word = 0x40300000, 0xDECADE00
    cpu = fresh(program)
    entered(cpu, arg)
    cpu.memory[arg] = word
    start, end = program.symbol["user_program"], program.symbol["user_program_end"]
    accesses = [at for at in range(start, end, 4) if program.word(at) >> 26 in (0x23, 0x2B)]
    cpu.run(start, accesses[access] + 4)
    wanted = word ^ 0x600DF00D
    if lost in ("hi", "lo"):
        setattr(cpu, lost, 1)
        wanted = 0xBAD00000 | {"hi": 32, "lo": 33}[lost]
    elif lost:
        cpu.reg[int(lost)] ^= 0x80
        wanted = 0xBAD00000 | int(lost)
    cpu.run(accesses[access] + 4)
    return differing({"the call's value": (cpu.reg[V0], wanted),
                      **({"arg[1]": (cpu.memory[arg + 4], ~word & 0xFFFFFFFF)} if not lost else {})})


def any_lost(program: Program, access: int) -> str:
    """Loses every register in turn, except its argument, its temporaries and the unused stack pointer. Each loss must
    be named."""
    lost = ["hi", "lo", *(str(n) for n in KEPT if n not in (V0, A0, 8, SP))]
    bad = {name: user_program(program, name, access) for name in lost}
    return "; ".join(f"${name}: {said}" for name, said in bad.items() if said)


def programs(program: Program) -> None:
    for access in (0, 1):
        guarded(f"user_program: no register lost at access {access}", user_program, program, "", access)
        guarded(f"user_program: any register lost at access {access} is named", any_lost, program, access)
    guarded("user_program: whatever a register has of the kernel's is named", leaks, program)


def routine(program: Program, name: str, word: int, value: int, spins: tuple[int, int] = (0, 0), sc_fails: int = 0) -> tuple[int, int, list[int], int]:
    """Runs a routine of user.S. Returns its value, the word left in memory, the places of SYNCs in its trace, and its
    number of instructions. `spins` stores a word after a number of instructions."""
    cpu = fresh(program)
    cpu.reg[A0], cpu.reg[A1], cpu.sc_fails = 0x40300000, value, sc_fails
    cpu.memory[0x40300000] = word
    load = cpu.load

    def loaded(at: int) -> int:
        if spins[0] and len(cpu.trace) > spins[0]:
            cpu.memory[at] = spins[1]
        return load(at)
    cpu.load = loaded  # type: ignore[method-assign]
    cpu.run(program.symbol[name])
    others = {x for x in cpu.memory if 0x40300000 < x < 0x40310000}
    return (cpu.reg[V0] if not others else -1), cpu.memory[0x40300000], cpu.syncs, len(cpu.trace)


def routines(program: Program) -> None:
    symbol = program.symbol
    check(symbol["user_load_code"] == symbol["user_code"] and symbol["user_code_end"] - symbol["user_code"] < 2048, "routines, the load first")
    check(routine(program, "user_load_code", 99, 5) == (99, 99, [], 2), "a load: the word")
    check(routine(program, "user_store_code", 99, 5)[1:] == (5, [], 2), "a store: the word")
    for fails in (0, 2):
        value, there, syncs, length = routine(program, "user_xchg_code", 99, 5, sc_fails=fails)
        check((value, there) == (99, 5) and syncs == [1, length - 1], f"an exchange whose SC fails {fails} times, between two SYNCs", value, there,
              syncs, length)
    check(routine(program, "user_spin_code", 4, 5)[:2] == (4, 4), "a spin: another word is there")
    value, there, _, length = routine(program, "user_spin_code", 5, 5, (30, 6))
    check((value, there) == (6, 6) and 30 < length < 40, "or comes to be there", value, there, length)
    start = symbol["user_spin_code"]
    counts = (program.word(start) & 0xFFFF) << 16 if program.word(start) >> 26 == 0xF else 0
    check(counts == 0x1000000, "it comes back after 2^24 loads", hex(counts))
    cpu = fresh(program)
    cpu.reg[A0], cpu.reg[A1] = 0x40300004, 3
    before = set(cpu.memory)
    cpu.run(symbol["user_touch_code"])
    touched = {at: cpu.memory[at] for at in set(cpu.memory) - before}
    check(sorted(touched) == [0x40300004, 0x40301004, 0x40302004] and all(touched.values()), "a store to each of three pages", touched)


def operations(program: Program) -> str:
    cpu = fresh(program)
    cpu.reg[A0], cpu.reg[A1] = STACK, STACK + 4
    bad = returned(cpu, "mips_this_place", 3)
    bad += differing({"pc": (cpu.memory[STACK], RETURN), "sp": (cpu.memory[STACK + 4], cpu.reg[SP])})
    cpu = fresh(program)
    cpu.reg[A0] = 7
    bad += returned(cpu, "mips_uhi_exit", 4, 25)
    bad += "" if cpu.uhi == [(1, 1, 7)] else f"SDBBP, operation, argument: {cpu.uhi}"
    cpu = fresh(program)
    cpu.reg[A0], cpu.reg[A1], cpu.reg[A2] = STACK, 0x11, 0x22
    bad += returned(cpu, "mips_store64", 4)
    return bad + differing({"high": (cpu.memory[STACK], 0x22), "low": (cpu.memory[STACK + 4], 0x11)})


if shutil.which("mips-linux-gnu-gcc"):
    code = Program(PLACE / "mips-entry", ["arch/mips/entry.S", "arch/mips/user.S", "arch/mips/ops.S"], {"mips_trap": C_CODE})
    exceptions(code)
    guarded("cpu_idle(): the kernel's interrupts on, one WAIT", idle, code, "cpu_idle", 0)
    guarded("mips_idle(): those that it is told", idle, code, "mips_idle", IRQS | TIMER)
    guarded("try_load(), try_store(), and where a fault sends them", tried, code)
    guarded("user_enter() and user_resume()", user_mode, code)
    programs(code)
    routines(code)
    guarded("ops.S", operations, code)
else:
    skip("the mips port's assembly", "its compiler is not installed: tools/setup test")
finish()
