#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles each operation of arch/mips/include/asm/cp0.h, arch/mips/include/asm/atomic.h,
arch/mips/include/asm/barrier.h, arch/mips/include/asm/io.h and arch/mips/include/asm/smp.h. Fails if its instructions
are not the expected ones. They are read by a disassembler, because it does not share our numbers. Emulators would not
notice, because they ignore most effects of a SYNC or an EHB."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import PLACE, check, finish, skip  # noqa: E402  (its directory must be on the path first)

TARGET = "mips-linux-gnu"
FLAGS = ["-EB", "-march=p5600", "-mabi=32", "-mno-abicalls", "-G0", "-msoft-float", "-std=gnu11", "-ffreestanding", "-fno-pic",
         "-O1", "-fno-delayed-branch", "-fno-asynchronous-unwind-tables", "-I.", "-Iarch/mips/include"]
HEADERS = ("asm/atomic.h", "asm/barrier.h", "asm/cp0.h", "asm/io.h", "asm/smp.h")
# Registers are named A, B, ... in the order of their first use. p, a and b are the arguments.
RMW = "sync; ll A,0(B); {}; sc C,0(B); beqz C,back; sync"
OPERATIONS = {
    "return cp0_index()": "mfc0 A,c0_index",
    "cp0_set_index(a)": "mtc0 A,c0_index; ehb",
    "return cp0_entryhi()": "mfc0 A,c0_entryhi",
    "cp0_set_entryhi(a)": "mtc0 A,c0_entryhi; ehb",
    "return cp0_count()": "mfc0 A,c0_count",
    "cp0_set_compare(a)": "mtc0 A,c0_compare; ehb",
    "return cp0_status()": "mfc0 A,c0_status",
    "cp0_set_status(a)": "mtc0 A,c0_status; ehb",
    "return cp0_config(0)": "mfc0 A,c0_config",
    "return cp0_config(1)": "mfc0 A,c0_config1",
    "return cp0_config(3)": "mfc0 A,c0_config3",
    "return cp0_pagegrain()": "mfc0 A,c0_pagegrain",
    "cp0_set_pagegrain(a)": "mtc0 A,c0_pagegrain; ehb",
    "cp0_set_ebase(a)": "mtc0 A,c0_ebase; ehb",
    "return cp0_cmgcrbase()": "mfc0 A,$15,3",
    "return cp0_cause()": "mfc0 A,c0_cause",
    "cp0_set_cause(a)": "mtc0 A,c0_cause; ehb",
    "return cp0_prid()": "mfc0 A,c0_prid",
    "cp0_write(2, 0, a)": "mtc0 A,c0_entrylo0; ehb",
    "cp0_write(3, 0, a)": "mtc0 A,c0_entrylo1; ehb",
    "cp0_write_high(2, a)": "move A,B; mthc0 A,c0_entrylo0; ehb",
    "cp0_write_high(3, a)": "move A,B; mthc0 A,c0_entrylo1; ehb",
    "return cp0_read_high(2)": "mfhc0 A,c0_entrylo0; move B,A",
    "return INDEX_NOT_FOUND": "lui A,0x8000",
    "return ENTRYHI_ASID": "li A,255",
    "return ENTRYHI_EHINV": "li A,1024",
    "return ENTRYLO_G": "li A,1",
    "return config1_mmu_size(a)": "ext A,B,0x19,0x6",
    "tlb_probe()": "tlbp; ehb",
    "tlb_read_indexed()": "tlbr; ehb",
    "tlb_write_indexed()": "tlbwi; ehb",
    "tlb_write_random()": "tlbwr; ehb",
    "tlb_invalidate_everything()": "tlbinvf; ehb",
    "cpu_wait()": "wait",
    "smp_mb()": "sync",
    "smp_rmb()": "sync_rmb",
    "smp_wmb()": "sync_wmb",
    "return smp_load_acquire(p)": "lw A,0(B); sync_acquire",
    "smp_store_release(p, a)": "sync_release; sw A,0(B)",
    "return atomic_xchg(p, a)": RMW.format("move C,D"),
    "return atomic_cmpxchg(p, a, b)": "sync; ll A,0(B); bne A,C,on; move D,E; sc D,0(B); beqz D,back; sync",
    "return atomic_fetch_add(p, a)": RMW.format("addu C,A,D"),
    "atomic_or(p, a)": RMW.format("or C,A,D"),
    "atomic_and(p, a)": RMW.format("and C,A,D"),
    "outb(0x80, 1)": "lui A,0xb800; li B,1; sb B,128(A)",
    "return inb(0x80)": "lui A,0xb800; lbu A,128(A); andi A,A,0xff",
    "return mmio_read8(p)": "lbu A,0(B); andi A,A,0xff",
    "mmio_write8(p, 3)": "li A,3; sb A,0(B)",
    "return mmio_read32(p)": "lw A,0(B)",
    "mmio_write32(p, a)": "sw A,0(B)",
    "return KSEG1": "lui A,0xa000",
    "return cpu_id()": "lw A,0(gp)",
    "return (u32)cpu_base()": "move A,gp",
}
REGISTER = re.compile(r"\b(?:zero|at|v[01]|a[0-3]|t\d|s[0-8]|k[01])\b")
LINE = re.compile(r"^ +([0-9a-f]+):[ \t]+([0-9a-f]{8})[ \t]+(\S+)[ \t]*(\S*)(?: <\S+>)?$", re.MULTILINE)


def source() -> str:
    lines = [f"#include <{name}>" for name in HEADERS]
    for number, operation in enumerate(OPERATIONS):
        lines.append(f"u32 f{number}(u32 *p, u32 a, u32 b);\nu32 f{number}(u32 *p, u32 a, u32 b)\n{{\n\t{operation};\n"
                     "\t(void)p, (void)a, (void)b;\n\t__builtin_unreachable();\n}")
    return "\n".join(lines).replace("__builtin_unreachable();\n", "return 0;\n") + "\n"


def named(code: str) -> list[str]:
    """Returns the instructions up to the return, without nops."""
    found, names = [], {}
    for place, word, name, arguments in LINE.findall(code):
        if name == "jr":
            break
        if name.startswith("b") and arguments.count(",") or name == "beqz":
            arguments, _, target = arguments.rpartition(",")
            arguments += "," + ("back" if int(target, 16) < int(place, 16) else "on")
        arguments = REGISTER.sub(lambda match: match[0] if match[0] == "zero" else
                                 names.setdefault(match[0], "ABCDEFGH"[len(names)]), arguments)
        found.append(f"{name} {arguments}".strip())
        if word == "00000000":
            found.pop()
    return found


def disassembled(text: str) -> dict[str, str]:
    place = PLACE / "mips-operations.c"
    place.write_text(text, encoding="utf-8")
    subprocess.run([f"{TARGET}-gcc", *FLAGS, "-c", "-o", f"{place}.o", str(place)], check=True)
    options = "gpr-names=32,cp0-names=mips32r2,virt,xpa"
    done = subprocess.run([f"{TARGET}-objdump", "-d", "-M", options, f"{place}.o"], check=True, text=True, stdout=subprocess.PIPE)
    return dict(re.findall(r"^[0-9a-f]+ <(f\d+)>:\n(.*?)(?:\n\n|\Z)", done.stdout, re.MULTILINE | re.DOTALL))


PLACE.mkdir(parents=True, exist_ok=True)
if shutil.which(f"{TARGET}-gcc"):
    made = disassembled(source())
    for number, (operation, expected) in enumerate(OPERATIONS.items()):
        got = named(made.get(f"f{number}", ""))
        if not operation.startswith("return ") and got and re.fullmatch(r"move \w,zero", got[-1]):
            got.pop()
        check("; ".join(got) == expected, f"{operation}: {expected}", "; ".join(got))
else:
    skip("the mips port's operations", "its compiler is not installed: tools/setup test")
finish()
