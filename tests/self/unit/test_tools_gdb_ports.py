#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gdb's tables of each port, with tables in the place of gdb (fake_gdb.py). Fails if a register, a level or a bit of an
entry is wrong."""
from __future__ import annotations

import contextlib

import fake_gdb as gdb
from fake_gdb import Frame, GdbError, Value
from host import check, finish, raised, same
from zapwalk import gdb_ports

X86, BIG, LITTLE, S390X = gdb_ports.X86(), gdb_ports.Mips("big"), gdb_ports.Mips("little"), gdb_ports.S390x()


@contextlib.contextmanager
def on(port: gdb_ports.Port, **registers: int):
    """Makes the stopped CPU one of this port, with these registers."""
    gdb.registers.clear()
    gdb.registers.update(registers)
    gdb.frames[:], gdb.selected[:] = [Frame("top")], []
    yield


def levels() -> None:
    def shape(port: gdb_ports.Port) -> list[tuple[str, int, int]]:
        return [(one.name, one.shift, one.entries) for one in port.levels]

    same("x86: PAE's levels", shape(X86), [("pgd", 30, 4), ("pmd", 21, 512), ("pte", 12, 512)])
    for port in (BIG, LITTLE):
        same(f"mips {port.order}: levels", shape(port), [("pgd", 29, 4), ("pmd", 21, 256), ("pte", 12, 512)])
    same("s390x: levels", shape(S390X), [("pgd", 53, 2048), ("p4d", 42, 2048), ("pud", 31, 2048), ("pmd", 20, 2048),
                                         ("pte", 12, 256)])
    same("an entry's words", [(port.sizes, port.order, port.heads, port.base) for port in (X86, BIG, LITTLE, S390X)], [
        ((4, 4), "little", ("low", "high"), 0xC0000000), ((4, 4), "big", ("low", "high"), 0x80000000),
        ((4, 4), "little", ("low", "high"), 0x80000000), ((8,), "big", ("value",), 0)])


def entries() -> None:
    data = bytes(range(1, 9))
    gdb.memory.clear()
    gdb.memory.update({0xC0001000: data, 0x80001000: data, 0x1000: data})
    same("an entry as each port reads it", [port.read_entry(0x1000) for port in (X86, LITTLE, BIG, S390X)], [
        [0x04030201, 0x08070605], [0x04030201, 0x08070605], [0x01020304, 0x05060708], [0x0102030405060708]])
    same("where there is none", raised(GdbError, X86.read_entry, 0x2000), "there is no entry at 0x2000: not in the direct map")


def of_x86() -> None:
    pgd, pmd, pte = X86.levels
    for fs, cr0, wanted in ((0x30, 1 << 31, True), (0, 1 << 31, False), (0x30, 1, False), (0x30, 3 << 30, True)):
        with on(X86, fs=fs, cr0=cr0):
            same(f"x86: fs={fs:#x} cr0={cr0:#x}", X86.in_kernel(), wanted)
    gdb.values["*(unsigned *)0xc0100040"] = Value(3)
    with on(X86, cr3=0x12345FFF, fs_base=0xC0100040):
        same("x86: root, CPU, first level", (X86.root(), X86.cpu_id(), X86.first_level()), (0x12345FE0, 3, 0))
    same("x86: present", [X86.present([word, 0xFFFFFFFF]) for word in (0, 1, 2, 3)], [False, True, False, True])
    same("x86: empty", [X86.is_empty(pte, words) for words in ([0, 0], [1, 0], [0, 1])], [True, False, False])
    same("x86: for software", [X86.for_software(pte, [word, 0]) for word in (0x200, 0x201, 0x400, 0x100, 0x600, 0)],
         [True, False, False, False, True, False])
    same("x86: where it leads", X86.address(pte, [0xFFFFFFFF, 0xFFFFFFFF]), 0xFFFFF_FFFFF000)
    same("x86: where else", X86.address(pte, [0x00001FFF, 0x80000000]), 0x1000)
    same("x86: NX is in the other word", [X86.bits(pte, words) for words in ([0x80000001, 0], [0, 0x80000000])], ["P", "NX"])
    same("x86: bits", X86.bits(pte, [0xFFFFFFFF, 0x80000000]), "P RW US PWT PCD A D PS G present NX")
    same("x86: each bit alone", [X86.bits(pte, [1 << n, 0]) for n in range(11)],
         ["P", "RW", "US", "PWT", "PCD", "A", "D", "PS", "G", "present", "-"])
    same("x86: what a PDPTE does not have", X86.bits(pgd, [0x3FF, 0x40000000]), "P bit1 bit2 PWT PCD bit5 bit6 bit7 bit8 present")
    same("x86: bits of a PMD", X86.bits(pmd, [0x83, 0]), "P RW PS")
    same("x86: a large page", [X86.is_large(one, [word, 0]) for one, word in ((pmd, 0x80), (pte, 0x80), (pgd, 0x80), (pmd, 0x140))],
         [True, False, False, False])


def of_mips() -> None:
    pmd, pte = BIG.levels[1:]
    gdb.values["((struct mips_cpu *)0x80200000)->id"] = Value(1)
    gdb.values["((struct mips_cpu *)0x80200000)->root"] = Value(0x5000)
    with on(BIG, gp=-0x7FE00000):
        same("mips: its CPU", (BIG.in_kernel(), BIG.own(), BIG.cpu_id(), BIG.root(), BIG.first_level()),
             (True, 0x80200000, 1, 0x5000, 0))
    with on(BIG, gp=-1):
        same("mips: 32 bits of it", BIG.own(), 0xFFFFFFFF)
    with on(BIG, gp=1 << 32):
        same("mips: not in the kernel", BIG.in_kernel(), False)
    same("mips: present", [BIG.present([word, 0]) for word in (1 << 24, 1 << 23, 1 << 25, 3 << 24)], [True, False, False, True])
    same("mips: empty", [BIG.is_empty(pte, words) for words in ([0, 0], [0, 4], [0, 5], [0, 8], [1, 0], [1, 4], [0, 12])],
         [True, True, False, False, False, False, False])
    same("mips: for software", [BIG.for_software(one, [word, low]) for one, word, low in (
        (pte, 1 << 24, 0), (pte, 1 << 24, 8), (pte, 0, 0), (pmd, 1 << 24, 0), (pte, 1 << 24, 0x14))],
        [True, False, False, False, True])
    same("mips: where it leads", [BIG.address(pte, words) for words in ([0xFF000000, 0x12345FF], [1, 0], [0x1FFFFFF, 0])],
         [0x12345000, 1 << 36, 0xFFFFFF << 36])
    same("mips: bits", BIG.bits(pte, [0x0F000000, 0x1F]), "PRESENT WRITE ACCESSED MODIFIED V D G XI RI")
    same("mips: each bit alone", [BIG.bits(pte, words) for words in (
        [1 << 24, 0], [1 << 25, 0], [1 << 26, 0], [1 << 27, 0], [0, 8], [0, 16], [0, 4], [0, 1], [0, 2], [1 << 28, 32])],
        ["PRESENT", "WRITE", "ACCESSED", "MODIFIED", "V", "D", "G", "XI", "RI", "-"])
    same("mips: no large pages", BIG.is_large(pmd, [0xFFFFFFFF, 0xFFFFFFFF]), False)


def of_s390x() -> None:
    pmd, pte = S390X.levels[3:]
    for online in (0, 1, 3):
        gdb.values["cpus_online"] = Value(online)
        same(f"s390x: {online} online", S390X.in_kernel(), bool(online))
    gdb.values["*(unsigned *)0x390"] = Value(5)
    same("s390x: its CPU", S390X.cpu_id(), 5)
    with on(S390X, cr7=0x1234FFF):
        same("s390x: root", S390X.root(), 0x1234000)
    for bits, first in ((0, 3), (4, 2), (8, 1), (12, 0), (16, 3)):
        with on(S390X, cr7=0x1000 | bits):
            same(f"s390x: a table of type {bits >> 2}", S390X.first_level(), first)
    same("s390x: present", [S390X.present([word]) for word in (1, 2, 3)], [True, False, True])
    same("s390x: empty", [S390X.is_empty(one, [word]) for one, word in (
        (pte, 0x400), (pte, 0x401), (pte, 0x20), (pmd, 0x20), (pmd, 0x2C), (pmd, 0x28), (pmd, 0x21), (pmd, 0x30), (pmd, 0))],
        [True, False, False, True, True, True, False, False, False])
    same("s390x: for software", [S390X.for_software(one, [word]) for one, word in (
        (pte, 0x401), (pte, 0x400), (pte, 0x201), (pte, 0x801), (pmd, 0x21), (pmd, 0x401), (pmd, 0x11), (pmd, 0x41), (pte, 0x21),
        (pmd, 0x20))],
        [True, False, False, False, True, False, False, False, False, False])
    same("s390x: where it leads", [S390X.address(one, [0x12345FFF]) for one in (pmd, pte)], [0x12345800, 0x12345000])
    same("s390x: bits of a page", S390X.bits(pte, [0xFFF]), "present I P NX write user young dirty")
    same("s390x: each alone", [S390X.bits(pte, [1 << n]) for n in range(12)],
         ["present", "write", "user", "young", "dirty", "-", "-", "-", "NX", "P", "I", "-"])
    same("s390x: bits of a table", [S390X.bits(pmd, [1 << n]) for n in range(12)],
         ["present", "-", "-", "-", "-", "I", "-", "-", "-", "P", "-", "-"])
    same("s390x: no large pages", S390X.is_large(pmd, [0xFFFFFFFF]), False)


def which_port() -> None:
    base = gdb_ports.Port()
    for name, arguments in (("in_kernel", ()), ("cpu_id", ()), ("root", ()), ("present", ([],)), ("for_software", (None, [])),
                            ("address", (None, [])), ("bits", (None, []))):
        try:
            getattr(base, name)(*arguments)
            check(False, f"a port has to say {name}()")
        except NotImplementedError:
            check(True, f"a port has to say {name}()")
    same("what it need not say", (base.first_level(), base.is_large(None, [1]), base.levels, base.base), (0, False, (), 0))
    for name, endian, kind, order in (("i386", "", "X86", "little"), ("i386:x86-64", "", "X86", "little"),
                                      ("s390:64-bit", "", "S390x", "big"),
                                      ("mips:isa32r5", "The target endianness is set automatically (currently big endian).", "Mips",
                                       "big"),
                                      ("isa32r5", "The target is little endian", "Mips", "little")):
        gdb.architecture = name
        gdb.answers["show endian"] = endian
        gdb.orders.clear()
        found = gdb_ports.port()
        same(f"the port of {name}", (type(found).__name__, found.order, gdb.orders[-1:]),
             (kind, order, [("show endian", True)] if kind == "Mips" else []))
    gdb.architecture = "sparc"
    same("another's", raised(GdbError, gdb_ports.port), "nothing is known of the architecture sparc")


levels()
entries()
of_x86()
of_mips()
of_s390x()
which_port()
finish()
