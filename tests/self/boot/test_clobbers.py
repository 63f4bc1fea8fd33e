#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every operation of a port between two stores to one variable. Both stores must be in the compiled code,
because an operation must forbid the compiler to move an access to memory across it or to leave one out. A failure names
an operation without this. On the machines of tools/run such a mistake shows only by chance, but in the compiled code it
always shows."""
from __future__ import annotations

import re
import shutil

from tap import PLACE, call, check, finish, skip

MAKE = ("make", "--no-print-directory")
ATOMICS = ("atomic_xchg(&other, 1)", "atomic_cmpxchg(&other, 0, 1)", "atomic_fetch_add(&other, 1)", "atomic_or(&other, 1)",
           "atomic_and(&other, 1)", "(void)atomic_try_cmpxchg(&other, &expected, 1)")
ALL = (*ATOMICS, "barrier()", "smp_mb()", "smp_rmb()", "smp_wmb()", "(void)smp_load_acquire(&other)", "smp_store_release(&other, 1)",
       "irq_disable()", "irq_enable()", "(void)irq_flags()", "(void)irq_save()", "irq_restore(IRQS_ON)", "cpu_relax()",
       "tlb_flush_page(4096)", "tlb_flush_all()")
OWN = {
    "x86": ("outb(0x80, 1)", "(void)inb(0x80)", "(void)inl(0x80)", "cpu_idle()", "msr_write(0x1b, 0)",
            "(void)entry_cmpxchg(&slot, slot, slot)"),
    "mips": ("irq_set_status(0)", "(void)cp0_read(12, 0)", "cp0_write(12, 0, 0)", "(void)cp0_read_high(2)",
             "cp0_write_high(2, 0)", "tlb_probe()", "tlb_read_indexed()", "tlb_write_indexed()", "tlb_write_random()",
             "tlb_invalidate_everything()", "cpu_wait()"),
    "s390x": ("(void)entry_cmpxchg(&slot, slot, slot)", "ipte(&slot, 4096)", "csp(&other)", "pmdp_invalidate(&slot, 4096)",
              "end_translation_block()", "(void)sigp_once(1, SIGP_SENSE, 0, &expected)", "(void)read_control(0)", "write_control(0, 0)",
              "dat_on()", "idte_asce(0)", "spx(0)", "(void)servc(1, &slot)", "stfle(&slot.word[0], 1)", "(void)load_doubleword(4096)",
              "(void)load_halfword(0)", "load_psw((struct psw){0, 0})"),
}
HEADERS = ("asm/atomic.h", "asm/barrier.h", "asm/irq.h", "asm/pgtable.h", "asm/tlb.h")
MORE = {"x86": ("asm/io.h", "arch/x86/msr.h"), "mips": ("asm/cp0.h",), "s390x": ("asm/sigp.h", "arch/s390x/psw.h", "arch/s390x/instructions.h")}
LEAVE = {"load_psw((struct psw){0, 0})"}  # the CPU does not return from these
FIRST, STEP = 0x1101, 2  # stored numbers with no meaning to a CPU


def source(port: str, operations: tuple[str, ...]) -> str:
    lines = [f"#include <{name}>" if name.startswith("asm/") else f'#include "{name}"' for name in HEADERS + MORE[port]]
    lines += ["extern u32 cell, other, expected;", "extern entry_t slot;"]
    for number, operation in enumerate(operations):
        stored = FIRST + STEP * number
        lines += [f"void f{number}(void);",
                  f"void f{number}(void) {{ cell = {stored}; {operation}; cell = {stored + 1}; }}"]
    return "\n".join(lines) + "\n"


def compiler(port: str) -> list[str]:
    """Returns the command by which make compiles a file of mm/, without the file."""
    said = call([*MAKE, "-n", "V=1", f"MACHINE={port}", "-W", "mm/table/zap.c", "lab"], ZAPWALK_LOCKED="1").text
    for line in said.splitlines():
        if line.endswith("mm/table/zap.c") and "-DZAPWALK_LAB" in line:
            return line[line.index(f"{'i686' if port == 'x86' else port}-linux-gnu-gcc"):].split(" -MMD")[0].split()
    return []


def compiled(port: str, operations: tuple[str, ...], name: str) -> tuple[str, str]:
    """Returns the assembly and the compiler's messages."""
    path = PLACE / f"{name}.c"
    path.write_text(source(port, operations), encoding="utf-8")
    command = [word.strip("'") for word in compiler(port)]
    made = call([*command, "-g0", "-S", "-o", f"{path}.s", str(path)]) if command else call(["false"])
    return (path.parent / f"{name}.c.s").read_text(encoding="utf-8") if made.status == 0 else "", made.text


def lost(text: str, operations: tuple[str, ...]) -> list[str]:
    """Returns the operations around which a store is missing."""
    functions = dict(re.findall(r"^f(\d+):\n(.*?)^\s*\.size\s+f\1,", text, re.MULTILINE | re.DOTALL))
    return [operation for number, operation in enumerate(operations)
            if any(not re.search(rf"\b{FIRST + STEP * number + i}\b", functions.get(str(number), "")) for i in ((0,) if operation in LEAVE else (0, 1)))]


PLACE.mkdir(parents=True, exist_ok=True)
for port, own in OWN.items():
    tool = f"{'i686' if port == 'x86' else port}-linux-gnu-gcc"
    if not shutil.which(tool):
        skip(f"{port}: operations tell the compiler", f"{tool} is not installed: tools/setup test")
        continue
    text, said = compiled(port, ALL + own, port)
    check(text and not lost(text, ALL + own), f"{port}: {len(ALL + own)} operations let no store be moved or left out",
          *lost(text, ALL + own), said)
    silent = ('__asm__ __volatile__("")', "(void)0")
    text, said = compiled(port, silent, f"{port}-silent")
    check(text and lost(text, silent) == list(silent), f"{port}: an operation that does not tell is seen", said)
finish()
