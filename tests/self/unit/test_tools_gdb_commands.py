#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Our commands inside gdb, with tables in the place of gdb (fake_gdb.py). Fails if the output of race, pte or cpus,
compared in full, is wrong."""
from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
from types import SimpleNamespace
from unittest import mock

import fake_gdb as gdb
from fake_gdb import Breakpoint, Frame, GdbError, Value
from host import PLACE, ROOT, check, finish, printed, raised, same
from zapwalk import gdb as session
from zapwalk import gdb_ports

TOOLS = str(ROOT / "tools")
sys.path[:] = [place for place in sys.path if place != TOOLS]  # gdb does not have this path
with contextlib.redirect_stdout(io.StringIO()) as said:
    from zapwalk import commands
POINTS = re.findall(r"^RACE\((\w+),", (ROOT / session.RACES).read_text(), re.MULTILINE)
X86, S390X = gdb_ports.X86(), gdb_ports.S390x()


@contextlib.contextmanager
def on(port: gdb_ports.Port, **registers: int):
    """Makes the stopped CPU one of this port, with these registers."""
    gdb.registers.clear()
    gdb.registers.update(registers)
    gdb.frames[:], gdb.selected[:] = [Frame("top")], []
    with mock.patch.object(commands, "port", lambda: port):
        yield


def run(name: str, argument: str = "") -> str:
    """Returns the command's output, or the error at its end."""
    try:
        return printed(gdb.commands[name][0].invoke, argument, True)[1]
    except GdbError as error:
        return f"error: {error}"


class Machine(gdb_ports.Port):
    """An x86 machine with these tables, each an address and its words."""

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
                      for n, text in enumerate(path.read_text().splitlines(),
                                               1) if re.search(r"\brace(_value)?\(pte_between_halves", text))

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
            ("race_reached", True, True), True, "site->point == RACE_pte_between_halves", False, [("continue", True)],
            [gdb.frames[1]]))
        gdb.answers.pop("continue")
        gdb.values["value"] = Value(5)
        same("a point that the source does not know", run("race", "nowhere").splitlines()[0][:30] + run("race",
                "nowhere").splitlines()[1],
             "CPU 1 is at nowhere, value 0x5  ")
        gone(stop)


def gone(stop: Breakpoint) -> None:
    """No CPU reaches the race point. The command must say so, and errors of gdb itself must stay errors."""
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
    """gdb may name another file instead of the race point's own. The command must still find the right one."""
    shutil.rmtree(PLACE / "sites", ignore_errors=True)
    for name, text in (("mm/room/a.c", "x\nrace_point(one);\n"), ("mm/room/b.h", "static int inlined(void)\nrace_value(two, 1);\n"),
                       ("mm/room/c.c", "x\nwait_until(y);\n"),
                       ("mm/room/d.c", "x\ntrace_point(one);\n"), ("mm/room/a.txt", " inlined()\nrace_point(one);\n")):
        path = PLACE / "sites" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with mock.patch.object(commands, "ROOT", PLACE / "sites"):
        for name, frame, function, wanted in (
                ("the frame's file", Frame("f", "./mm/room/a.c", "mm/room/c.c"), "f", "f(), mm/room/a.c:2"),
                ("the function's", Frame("f", "mm/room/d.c", "mm/room/c.c"), "f", "f(), mm/room/c.c:2"),
                ("neither", Frame("f", "mm/room/d.c"), "f", "f(), line 2"),
                ("inlined beyond recognition", Frame("f"), "inlined", "inlined(), mm/room/b.h:2")):
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
                ("a page", pte, [0x5067, 1], "frame 0x100005, at 0x100005000"),
                ("a table", pmd, [0x6001, 0], "the table at 0x6000"),
                ("a large page", pmd, [0x400081, 0], "a large page at 0x400000"),
                ("an empty slot", pte, [0, 0], "nothing: the slot is empty"),
                ("not present", pte, [2, 0], "not present"),
                ("for software", pte, [0x5200, 0], "frame 0x5 for software, nothing for the hardware")):
            same(f"it leads to {name}", commands.leads_to(one, words), wanted)
        same("a row", commands.described(pte, [0x5001, 0]), ["0x00005001", "0x00000000", "P", "frame 0x5, at 0x5000"])
    with on(S390X):
        same("a row of one word", commands.described(S390X.levels[-1], [0x5001]),
             ["0x0000000000005001", "present", "frame 0x5, at 0x5000"])
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
        return Value(at, cpumask=mask, cpu_attach_mask=attached, clearers=clearing)

    def cpu(mm: Value, walk: int, wait: Value | None = None, shootdown: int = 0, call: int = 0) -> Value:
        return Value(walk_seq=Value(walk), mm=mm, shootdown_pending=shootdown, call_pending=call,
                     wait=Value(kind=0) if wait is None else wait)

    one, other = masks(0xC0200000, 0b101, 0b1101, 2), masks(0xC0100000, 0, 1, 0)
    waits = Value(kind=2, whom=5, function=Value(text="shootdown"), line=77, irqs_on=1)
    gdb.values.update({"cpus_online": Value(0b100001111), "wait_kind_name": Value(**{"2": Value(text="ack"),
            "3": Value(text="lock")}),
                       "cpus[0]": cpu(one, 4), "cpus[1]": cpu(one, 5, shootdown=1, call=6),
                       "cpus[2]": cpu(Value(0), 0, waits, call=1),
                       "cpus[3]": cpu(one, 1), "cpus[8]": cpu(other, 2,
                                                              Value(kind=3, whom=0, function=Value(text="f"), line=1, irqs_on=0))})
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


PLACE.mkdir(parents=True, exist_ok=True)
helpers()
races()
sites()
ptes()
cpus()
begins()
finish()
