#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What gdb is told and says: ports and their tables, our commands in it, and how a session begins. gdb itself is a table
(fake_gdb.py), so each register, each bit and each line is compared whole."""
from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import fake_gdb as gdb
from fake_gdb import Breakpoint, Frame, GdbError, Value
from host import PLACE, ROOT, check, finish, inside, printed, raised, same, seen_at_once
from zapwalk import gdb_ports
from zapwalk import gdb as session
from zapwalk.machines import Missing, Problem, Settings

TOOLS = str(ROOT / "tools")
sys.path[:] = [place for place in sys.path if place != TOOLS]  # gdb has it not
with contextlib.redirect_stdout(io.StringIO()) as said:
    from zapwalk import commands
POINTS = re.findall(r"^RACE\((\w+),", (ROOT / session.RACES).read_text(), re.MULTILINE)
X86, BIG, LITTLE, S390X = gdb_ports.X86(), gdb_ports.Mips("big"), gdb_ports.Mips("little"), gdb_ports.S390x()


@contextlib.contextmanager
def on(port: gdb_ports.Port, **registers: int):
    """The stopped CPU is one of that port's."""
    gdb.registers.clear()
    gdb.registers.update(registers)
    gdb.frames[:], gdb.selected[:] = [Frame("top")], []
    with mock.patch.object(commands, "port", lambda: port):
        yield


def level(port: gdb_ports.Port, name: str) -> gdb_ports.Level:
    return next(one for one in port.levels if one.name == name)


# --- ports -------------------------------------------------------------------------------------


def levels() -> None:
    def shape(port: gdb_ports.Port) -> list[tuple[str, int, int]]:
        return [(one.name, one.shift, one.entries) for one in port.levels]

    same("x86: PAE's levels", shape(X86), [("pgd", 30, 4), ("pmd", 21, 512), ("pte", 12, 512)])
    for port in (BIG, LITTLE):
        same(f"mips {port.order}: levels", shape(port), [("pgd", 29, 4), ("pmd", 21, 256), ("pte", 12, 512)])
    same("s390x: levels", shape(S390X), [("pgd", 53, 2048), ("p4d", 42, 2048), ("pud", 31, 2048), ("pmd", 20, 2048), ("pte", 12, 256)])
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
    same("x86: each bit alone", [X86.bits(pte, [1 << n, 0]) for n in range(11)], ["P", "RW", "US", "PWT", "PCD", "A", "D", "PS", "G", "present", "-"])
    same("x86: what a PDPTE does not have", X86.bits(pgd, [0x3FF, 0x40000000]), "P bit1 bit2 PWT PCD bit5 bit6 bit7 bit8 present")
    same("x86: bits of a PMD", X86.bits(pmd, [0x83, 0]), "P RW PS")
    same("x86: a large page", [X86.is_large(one, [word, 0]) for one, word in ((pmd, 0x80), (pte, 0x80), (pgd, 0x80), (pmd, 0x140))],
         [True, False, False, False])


def of_mips() -> None:
    pmd, pte = BIG.levels[1:]
    gdb.values["((struct mips_cpu *)0x80200000)->id"] = Value(1)
    gdb.values["((struct mips_cpu *)0x80200000)->root"] = Value(0x5000)
    with on(BIG, gp=-0x7FE00000):
        same("mips: its CPU", (BIG.in_kernel(), BIG.own(), BIG.cpu_id(), BIG.root(), BIG.first_level()), (True, 0x80200000, 1, 0x5000, 0))
    with on(BIG, gp=-1):
        same("mips: 32 bits of it", BIG.own(), 0xFFFFFFFF)
    with on(BIG, gp=1 << 32):
        same("mips: not in the kernel", BIG.in_kernel(), False)
    same("mips: present", [BIG.present([word, 0]) for word in (1 << 24, 1 << 23, 1 << 25, 3 << 24)], [True, False, False, True])
    same("mips: empty", [BIG.is_empty(pte, words) for words in ([0, 0], [0, 4], [0, 5], [0, 8], [1, 0], [1, 4], [0, 12])],
         [True, True, False, False, False, False, False])
    same("mips: for software", [BIG.for_software(one, [word, low]) for one, word, low in (
        (pte, 1 << 24, 0), (pte, 1 << 24, 8), (pte, 0, 0), (pmd, 1 << 24, 0), (pte, 1 << 24, 0x14))], [True, False, False, False, True])
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
        (pte, 0x401), (pte, 0x400), (pte, 0x201), (pte, 0x801), (pmd, 0x21), (pmd, 0x401), (pmd, 0x11), (pmd, 0x41), (pte, 0x21), (pmd, 0x20))],
        [True, False, False, False, True, False, False, False, False, False])
    same("s390x: where it leads", [S390X.address(one, [0x12345FFF]) for one in (pmd, pte)], [0x12345800, 0x12345000])
    same("s390x: bits of a page", S390X.bits(pte, [0xFFF]), "present I P NX write user young dirty")
    same("s390x: each alone", [S390X.bits(pte, [1 << n]) for n in range(12)], ["present", "write", "user", "young", "dirty", "-", "-", "-", "NX", "P", "I", "-"])
    same("s390x: bits of a table", [S390X.bits(pmd, [1 << n]) for n in range(12)], ["present", "-", "-", "-", "-", "I", "-", "-", "-", "P", "-", "-"])
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
    for name, endian, kind, order in (("i386", "", "X86", "little"), ("i386:x86-64", "", "X86", "little"), ("s390:64-bit", "", "S390x", "big"),
                                      ("mips:isa32r5", "The target endianness is set automatically (currently big endian).", "Mips", "big"),
                                      ("isa32r5", "The target is little endian", "Mips", "little")):
        gdb.architecture = name
        gdb.answers["show endian"] = endian
        gdb.orders.clear()
        found = gdb_ports.port()
        same(f"the port of {name}", (type(found).__name__, found.order, gdb.orders[-1:]),
             (kind, order, [("show endian", True)] if kind == "Mips" else []))
    gdb.architecture = "sparc"
    same("another's", raised(GdbError, gdb_ports.port), "nothing is known of the architecture sparc")


# --- commands ----------------------------------------------------------------------------------


def run(name: str, argument: str = "") -> str:
    """What it prints, or the error that it ends with."""
    try:
        return printed(gdb.commands[name][0].invoke, argument, True)[1]
    except GdbError as error:
        return f"error: {error}"


class Machine(gdb_ports.Port):
    """An x86 whose tables are these: address -> words."""

    base, levels = 0xC0000000, X86.levels
    present, is_empty, for_software, address, bits, is_large = (
        getattr(X86, name) for name in ("present", "is_empty", "for_software", "address", "bits", "is_large"))

    def __init__(self, **tables: list[int]):
        self.tables = {int(at, 16): words for at, words in tables.items()}
        self.kernel = True

    def in_kernel(self) -> bool:
        return self.kernel

    def cpu_id(self) -> int:
        return 1

    def root(self) -> int:
        return 0x1000

    def read_entry(self, pa: int) -> list[int]:
        return self.tables[pa]


def helpers() -> None:
    same("a table", commands.table([["a", "bbb", "c"], ["dd", "e", ""]]), "  a   bbb  c\n  dd  e")
    same("a table of one row", commands.table([["a", "b"]]), "  a  b")
    same("masks", [commands.mask_text(mask) for mask in (0, 1, 2, 5, 1 << 31, 1 << 32)], ["none", "0", "1", "0,2", "31", "none"])
    same("a line of the source", commands.source_line(str(session.RACES), 1), "/* SPDX-License-Identifier: MIT */")
    same("a line behind the end", commands.source_line(str(session.RACES), 10**6), "")
    same("a line of no file", commands.source_line("kernel/nosuch", 1), "")
    gdb.types["long"] = SimpleNamespace(sizeof=4)
    same("an address of 32 bits", commands.unsigned(Value(-1)), 0xFFFFFFFF)
    gdb.types["long"] = SimpleNamespace(sizeof=8)
    same("of 64", commands.unsigned(Value(-1)), (1 << 64) - 1)
    structs = [gdb.kind(3, "word"), gdb.kind(3, "low", "word"), gdb.kind(3, "x"), gdb.kind(8, "word")]
    same("entries", [commands.is_entry(Value(0, type_=one)) for one in structs], [True, True, False, False])
    same("a value that cannot be read", raised(GdbError, commands.value_of, "nosuch"), "nosuch: No symbol in nosuch")
    gdb.values["lazy"] = Value(1, lazy=gdb.error("Cannot access memory"))
    same("and not by a look", raised(GdbError, commands.value_of, "lazy"), "lazy: Cannot access memory")
    one = Machine()
    with on(one):
        same("its CPU", commands.cpu_id(), 1)
        one.kernel = False
        same("not in the kernel", raised(GdbError, commands.cpu_id), "this CPU is not in the kernel yet; first: race role_start")
        with mock.patch.object(gdb, "thread", None):
            same("no machine", raised(GdbError, commands.cpu_id), "the machine is gone: quit, and make gdb again")
    same("ours are found first", sys.path[0], TOOLS)
    same("they tell that they are there", said.getvalue(),
         "Commands: race POINT, pte EXPRESSION, cpus (and: help race). docs/tour.md is a race to type along.\n")
    same("the commands", {name: kind for name, (_, kind) in gdb.commands.items()}, {"race": 13, "pte": 13, "cpus": 13})


def races() -> None:
    fields = [SimpleNamespace(name=name) for name in ("RACE_pte_between_halves", "RACE_role_start", "RACE_nowhere", "RACES")]
    gdb.types["enum race_point"] = SimpleNamespace(fields=lambda: fields)
    same("the points of an image", commands.points(), ["pte_between_halves", "role_start", "nowhere"])
    known = commands.meanings()
    same("the points of the source", list(known), POINTS)
    race = gdb.commands["race"][0]
    same("completion", race.complete("p", "p"), ["pte_between_halves"])
    same("without a name", run("race"), "".join(f"{line.rstrip()}\n" for line in (
        f"  pte_between_halves  {known['pte_between_halves']}", f"  role_start          {known['role_start']}", "  nowhere")))
    same("a wrong name", run("race", "role_stard"),
         "error: unknown race point role_stard. Did you mean role_start? Valid: pte_between_halves role_start nowhere")
    with mock.patch.object(gdb, "thread", None):
        same("no machine", run("race", "role_start"), "error: the machine is gone: quit, and make gdb again")
    file, line = next((str(path.relative_to(ROOT)), n) for path in sorted((ROOT / "mm").rglob("*.[ch]"))
                      for n, text in enumerate(path.read_text().splitlines(), 1) if re.search(r"\brace(_value)?\(pte_between_halves", text))

    def reached() -> str:
        gdb.values.update({"site->function": Value(text="lab_read"), "site->line": Value(line), "value": Value(-1)})
        return ""

    gdb.answers["continue"] = reached
    with on(Machine()):
        gdb.frames[:] = [Frame("race_reached"), Frame("lab_read", f"./{file}", "mm/nosuch.c"), Frame("walk")]
        Breakpoint.hit = True
        gdb.breakpoints.clear()
        gdb.orders.clear()
        text = run("race", "pte_between_halves")
        same("it stops there", text, f"CPU 1 is at pte_between_halves, value 0xffffffffffffffff: lab_read(), {file}:{line}\n"
             f"  {known['pte_between_halves']}\n")
        stop = gdb.breakpoints[0]
        same("by a breakpoint of its own", (stop.made, stop.silent, stop.condition, stop.deleted, gdb.orders, gdb.selected), (
            ("race_reached", True, True), True, "site->point == RACE_pte_between_halves", False, [("continue", True)], [gdb.frames[1]]))
        gdb.answers.pop("continue")
        gdb.values["value"] = Value(5)
        same("a point that the source does not know", run("race", "nowhere").splitlines()[0][:30] + run("race", "nowhere").splitlines()[1],
             "CPU 1 is at nowhere, value 0x5  ")
        gone(stop)


def gone(stop: Breakpoint) -> None:
    """Nobody came."""
    Breakpoint.hit = False
    same("stopped before", run("race", "role_start"), "error: stopped before any CPU came to role_start")
    check(gdb.breakpoints[-1].deleted, "the breakpoint goes")
    gdb.answers["continue"] = gdb.error("Remote connection closed")
    try:
        gdb.commands["race"][0].invoke("role_start", True)
        check(False, "an error of gdb's own stays one")
    except gdb.error as error:
        same("an error of gdb's own stays one", str(error), "Remote connection closed")

    def ends() -> Exception:
        gdb.thread = None
        return gdb.error("Remote connection closed")

    def exits() -> str:
        gdb.thread = None
        return ""

    for answer, wanted in ((ends, "the run ended (Remote connection closed), and no CPU came to role_start"),
                           (exits, "the run ended, and no CPU came to role_start")):
        gdb.answers["continue"] = answer
        same(wanted, run("race", "role_start"), f"error: {wanted}")
        gdb.thread = "thread"
    gdb.answers.pop("continue")


def sites() -> None:
    """gdb may name another file than the one that the point is in."""
    shutil.rmtree(PLACE / "sites", ignore_errors=True)
    for name, text in (("mm/room/a.c", "x\nrace(one);\n"), ("mm/room/b.h", "static int inlined(void)\nrace_value(two, 1);\n"), ("mm/room/c.c", "x\nwait_until(y);\n"),
                       ("mm/room/d.c", "x\ntrace(one);\n"), ("mm/room/a.txt", " inlined()\nrace(one);\n")):
        path = PLACE / "sites" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with mock.patch.object(commands, "ROOT", PLACE / "sites"):
        for name, frame, function, wanted in (
                ("the frame's file", Frame("f", "./mm/room/a.c", "mm/room/c.c"), "f", "f(), mm/room/a.c:2"), ("the function's", Frame("f", "mm/room/d.c", "mm/room/c.c"), "f", "f(), mm/room/c.c:2"),
                ("neither", Frame("f", "mm/room/d.c"), "f", "f(), line 2"), ("inlined beyond recognition", Frame("f"), "inlined", "inlined(), mm/room/b.h:2")):
            gdb.frames[:], gdb.selected[:] = [frame], []
            same(f"the place of a point: {name}", commands.place(function, 2), wanted)
    gdb.frames[:], gdb.selected[:] = [Frame("a"), Frame("b"), Frame(None)], []
    commands.select_site("nosuch")
    same("a frame that there is not", gdb.selected, [])
    commands.select_site("b")
    same("one that there is", gdb.selected, [gdb.frames[1]])


def ptes() -> None:
    pgd, pmd, pte = X86.levels
    with on(X86):
        for name, one, words, wanted in (
                ("a page", pte, [0x5067, 1], "frame 0x100005, at 0x100005000"), ("a table", pmd, [0x6001, 0], "the table at 0x6000"),
                ("a large page", pmd, [0x400081, 0], "a large page at 0x400000"), ("an empty slot", pte, [0, 0], "nothing: the slot is empty"),
                ("not present", pte, [2, 0], "not present"),
                ("for software", pte, [0x5200, 0], "frame 0x5 for software, nothing for the hardware")):
            same(f"it leads to {name}", commands.leads_to(one, words), wanted)
        same("a row", commands.described(pte, [0x5001, 0]), ["0x00005001", "0x00000000", "P", "frame 0x5, at 0x5000"])
    with on(S390X):
        same("a row of one word", commands.described(S390X.levels[-1], [0x5001]), ["0x0000000000005001", "present", "frame 0x5, at 0x5000"])
    same("without an address", run("pte"), "error: which address? Such as: pte 0x40200000, or any expression: pte variant.va")
    same("completion", gdb.commands["pte"][0].complete("", ""), 5)
    va = 0x40203000
    tables = {"1008": [0x2001, 0], "2008": [0x3003, 0], "3018": [0x5067, 0]}
    gdb.values["va"] = Value(va)
    gdb.types["long"] = SimpleNamespace(sizeof=4)
    head = "CPU 1, root 0x1000, address 0x40203000\n"
    with on(Machine(**tables)):
        same("an address", run("pte", "va"), head +
             "          entry at  low         high        bits         leads to\n"
             "  pgd[1]  0x1008    0x00002001  0x00000000  P            the table at 0x2000\n"
             "  pmd[1]  0x2008    0x00003003  0x00000000  P RW         the table at 0x3000\n"
             "  pte[3]  0x3018    0x00005067  0x00000000  P RW US A D  frame 0x5, at 0x5000\n")
        entry = Value(0, type_=gdb.kind(3, "word"), word=Value(**{"0": Value(0x5067), "1": Value(1)}))
        gdb.values["entry"] = entry
        same("an entry", run("pte", "entry"), "       low         high        bits         leads to\n"
             "  pte  0x00005067  0x00000001  P RW US A D  frame 0x100005, at 0x100005000\n")
        gdb.values["struct"] = SimpleNamespace(type=gdb.kind(3, "x"), fetch_lazy=lambda: None)
        same("neither", run("pte", "struct"), "error: struct is neither an address nor an entry")
    for name, words, rows in (("a slot that is empty", [0, 0], 2), ("a large page", [0x81, 0], 2), ("for software", [0x200, 0], 2)):
        with on(Machine(**{**tables, "2008": words})):
            same(f"it ends at {name}", len(gdb.commands["pte"][0].walk(va)), rows)


def cpus() -> None:
    def masks(at: int, mask: int, attached: int, clearing: int) -> Value:
        return Value(at, cpumask=mask, cpu_attach_mask=attached, clearing=clearing)

    def cpu(mm: Value, walk: int, wait: Value | None = None, shootdown: int = 0, call: int = 0) -> Value:
        return Value(walk=Value(walk), mm=mm, shootdown_pending=shootdown, call_pending=call, wait=Value(kind=0) if wait is None else wait)

    one, other = masks(0xC0200000, 0b101, 0b1101, 2), masks(0xC0100000, 0, 1, 0)
    waits = Value(kind=2, whom=5, function=Value(text="shootdown"), line=77, irqs_on=1)
    gdb.values.update({"cpus_online": Value(0b100001111), "wait_kind_name": Value(**{"2": Value(text="ack"), "3": Value(text="lock")}),
                       "cpus[0]": cpu(one, 4), "cpus[1]": cpu(one, 5, shootdown=1, call=6), "cpus[2]": cpu(Value(0), 0, waits, call=1),
                       "cpus[3]": cpu(one, 1), "cpus[8]": cpu(other, 2, Value(kind=3, whom=0, function=Value(text="f"), line=1, irqs_on=0))})
    with on(Machine()):
        same("every CPU that is online", run("cpus"),
             "  CPU  space       in its mask  walk        pending                              waits for\n"
             "  0    0xc0200000  yes          4, outside  -                                    -\n"
             "  1 *  0xc0200000  no           5, inside   shootdown of CPU 0, call of CPU 1,2  -\n"
             "  2    kernel      -            0, outside  call of CPU 0                        "
             "ack of CPU 0,2 at shootdown:77, interrupts on\n"
             "  3    0xc0200000  lazy         1, inside   -                                    -\n"
             "  8    0xc0100000  no           2, outside  -                                    "
             "lock of CPU none at f:1, interrupts off\n"
             "  space 0xc0100000: mask none; attached 0; clearing none\n"
             "  space 0xc0200000: mask 0,2; attached 0,2,3; clearing 1\n")

    gdb.values.update({"cpus_online": Value(1 << 31 | 1 << 32), "cpus[31]": cpu(Value(0), 0)})
    with on(Machine()):
        same("32 of them", [line.split()[0] for line in run("cpus").splitlines()], ["CPU", "31"])


def begins() -> None:
    gdb.orders.clear()
    commands.begin("role_start")
    same("how a session begins", gdb.orders, [("race role_start", False), ("backtrace", False)])
    gdb.answers["backtrace"] = gdb.error("below")
    same("what is below the first function", printed(commands.begin, "role_start")[1], "below\n")
    gdb.answers["race role_start"] = gdb.error("nobody came")
    same("nobody comes", raised(GdbError, commands.begin, "role_start"), "nobody came")


# --- sessions ----------------------------------------------------------------------------------


def environment(**more: str):
    kept = {name: value for name, value in os.environ.items() if name not in ("STOP", "GDB_PORT", "GDB_BATCH")}
    return mock.patch.dict(os.environ, {**kept, **more}, clear=True)


def stops() -> None:
    with environment():
        same("the port's own point", session.stop_at("gup_grabbed"), "gup_grabbed")
    with environment(STOP=""):
        same("an empty STOP=", session.stop_at("gup_grabbed"), "gup_grabbed")
    with environment(STOP="role_start"):
        same("STOP=", session.stop_at("gup_grabbed"), "role_start")
    with environment(STOP="role_stard"):
        same("a wrong one", raised(Problem, session.stop_at, "gup_grabbed"),
             f"bad STOP=role_stard, which is no race point. Did you mean role_start? Valid: {' '.join(POINTS)}")


def ports() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = str(taken.getsockname()[1])
        with environment(GDB_PORT=number):
            same("a port that is taken", raised(Problem, session.port_number), f"port {number} is taken. Say another: make gdb GDB_PORT=1235")
    with mock.patch.object(session.socket, "socket") as made:
        probe = made.return_value.__enter__.return_value
        for text, wanted in (("", 1234), ("1", 1), ("65535", 65535), ("4711", 4711)):
            with environment(GDB_PORT=text):
                same(f"GDB_PORT={text}", session.port_number(), wanted)
        same("it is tried", probe.mock_calls[-2:], [mock.call.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1),
                                                    mock.call.bind(("127.0.0.1", 4711))])
    for text in ("0", "65536", "x", "-1"):
        with environment(GDB_PORT=text):
            same(f"GDB_PORT={text}", raised(Problem, session.port_number), f"bad GDB_PORT={text}. Valid: a TCP port")


def scenarios() -> None:
    """In a tree of its own: scenarios of the generic code, of a port, of another one, and one whose point is in a header."""
    place = PLACE / "tree"
    for name, text in (("arch/x86/a", ""), ("arch/mips/a", ""), ("tests/pte/a.c", '.name = "pte/a"\nSTEP(0, RACE_some_point)'),
                       ("tests/pte/b.c", '.name = "pte/b"\nSTEP(0, some_pointer)'), ("tests/tlb/mips/c.c", '.name = "tlb/c"\nsome_point'),
                       ("tests/walk/d.c", '#include "tests/walk/d.h"\n.name = "walk/d"\n.name = "walk/e"'), ("tests/walk/d.h", "some_point"),
                       ("tests/lab/f.c", '.name = "lab/f"\nsome_point'), *((f"tests/gup/{n}.c", f'.name = "gup/{n}"\nmany') for n in range(6))):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with inside(place):
        same("scenarios that come there", session.words_for("some_point", "x86"), "run=pte/a,walk/d,walk/e mode=probe,choreo")
        for port in ("mips", "mipsel"):
            same(f"on {port} its own too", session.words_for("some_point", port), "run=pte/a,tlb/c,walk/d,walk/e mode=probe,choreo")
        same("five of them", session.words_for("many", "x86"), "run=gup/0,gup/1,gup/2,gup/3,gup/4 mode=probe,choreo")
        same("none: all that is not left to chance", session.words_for("nowhere", "x86"), " mode=probe,choreo")


def sessions() -> None:
    shutil.rmtree(PLACE / "made", ignore_errors=True)

    def begun(machine: str, words: str = "", **more: str) -> tuple[list[str], list[str], dict, str, str]:
        """gdb's command line, the emulator's, how it is started, the words, what was said."""
        settings = Settings(machine, words=words)
        with environment(**more), inside(ROOT), mock.patch.object(session, "Watched") as emulator, \
                mock.patch.object(session, "command", lambda settings, image: SimpleNamespace(argv=["qemu", image, settings.words])), \
                mock.patch.object(session, "port_number", lambda: 4711), mock.patch.object(session.subprocess, "run") as gdb_run, \
                mock.patch.object(session.shutil, "which", lambda name: f"/bin/{name}" if "gdb" in name else None), \
                mock.patch.object(session, "OTHER", PLACE / "made/other"):
            gdb_run.return_value.returncode = 5
            status, said, _ = printed(session.session, settings, Path("a/zapwalk.elf"))
            same(f"{machine} {words} {more}: gdb's status, and its emulator ends", (status, emulator.return_value.end.call_count, gdb_run.call_args.kwargs),
                 (5, 1, {"check": False}))
            check(seen_at_once(session.session, settings, Path("a/zapwalk.elf")), f"{machine} {words} {more}: where the log is, is seen at once")
            return gdb_run.call_args.args[0], emulator.call_args.args[0], emulator.call_args.kwargs, settings.words, said

    argv, emulator, how, words, said = begun("x86-pc")
    same("x86: gdb", argv, ["/bin/gdb", "-q", "-readnow", "a/zapwalk.debug.elf", "-ex", "target remote 127.0.0.1:4711", "-ex",
                            "source tools/zapwalk.gdb", "-ex", "python begin('pte_between_halves')"])
    same("x86: the emulator waits for it", emulator, ["qemu", "a/zapwalk.elf", "run=pte/torn-read-high", "-S", "-gdb", "tcp:127.0.0.1:4711"])
    path = PLACE / "made/other/x86-pc-gdb.log"
    same("x86: its log", (said, path.is_file(), how["stdout"].name, how["stderr"]), (f"serial log: {path}\n", True, str(path), session.subprocess.STDOUT))
    argv, _, _, words, _ = begun("mips", GDB_BATCH="1")
    same("mips: a batch, with KSEG1 left out", (argv, words), ([
        "/bin/gdb-multiarch", "-q", "-readnow", "-batch", "a/zapwalk.debug.elf", "-ex", "mem 0 0xffffffffa0000000 rw", "-ex", "mem 0xffffffffc0000000 0 rw",
        "-ex", "target remote 127.0.0.1:4711", "-ex", "source tools/zapwalk.gdb", "-ex", "python begin('pte_between_halves')"], "run=pte/torn-read"))
    argv, _, _, words, _ = begun("s390x")
    same("s390x", (argv[0], argv[-1], words), ("/bin/gdb-multiarch", "python begin('gup_grabbed')", "run=gup/recheck"))
    same("STOP=: what comes there", begun("x86-pc", STOP="zap_taking_low")[3], session_words("zap_taking_low", "x86"))
    same("the user's words", begun("x86-pc", "run=x", STOP="zap_taking_low")[3], "run=x")
    with mock.patch.object(session.shutil, "which", lambda name: None), environment(STOP="nosuch"), inside(ROOT):
        check("bad STOP=nosuch" in raised(Problem, session.session, Settings("mips"), Path("x")), "a wrong STOP= is told first")
    with mock.patch.object(session.shutil, "which", lambda name: None), environment(), inside(ROOT):
        same("no gdb", raised(Missing, session.session, Settings("mips"), Path("x")),
             "no gdb for this machine is installed. Install one with: apt-get install gdb-multiarch")


def session_words(stop: str, port: str) -> str:
    with inside(ROOT):
        return session.words_for(stop, port)


PLACE.mkdir(parents=True, exist_ok=True)
levels()
entries()
of_x86()
of_mips()
of_s390x()
which_port()
helpers()
races()
sites()
ptes()
cpus()
begins()
stops()
ports()
scenarios()
sessions()
finish()
