# SPDX-License-Identifier: MIT
"""Our own commands inside gdb, which are race, pte and cpus. tools/zapwalk.gdb loads this file.

Nothing here calls into the kernel. The commands read registers, memory and the image's debug information.
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

import gdb  # gdb's own module, which exists only inside gdb

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from zapwalk.gdb_ports import Level, Words, evaluate, port  # noqa: E402  (tools/ must be on the path first)
from zapwalk.guess import did_you_mean  # noqa: E402

def table(rows: list[list[str]]) -> str:
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  " + "  ".join(text.ljust(size) for text, size in zip(row, sizes)).rstrip() for row in rows)


def in_kernel() -> None:
    """Raises unless the stopped CPU runs on our page tables and knows its number."""
    if not gdb.selected_thread():
        raise gdb.GdbError("the machine is gone: quit, and make gdb again")
    if not port().in_kernel():
        raise gdb.GdbError("this CPU is not in the kernel yet; first: race role_start")


def cpu_id() -> int:
    """Returns the kernel's number of the CPU selected in gdb, as cpu_id() of asm/smp.h."""
    in_kernel()
    return port().cpu_id()


# --- race --------------------------------------------------------------------------------------


def points() -> list[str]:
    """Returns every race point of the image, in the order of kernel/hooks/races.def."""
    names = [field.name for field in gdb.lookup_type("enum race_point").fields()]
    return [name[len("RACE_"):] for name in names if name.startswith("RACE_")]


def meanings() -> dict[str, str]:
    text = (ROOT / "kernel/hooks/races.def").read_text(encoding="utf-8")
    return dict(re.findall(r'^RACE\((\w+),\s+"([^"]*)"\)', text, re.MULTILINE))


def select_site(function: str) -> None:
    """Selects the frame with the race point, instead of race_reached()."""
    frame = gdb.newest_frame()
    while frame and frame.name() != function:
        frame = frame.older()
    if frame:
        frame.select()


def source_line(file: str, line: int) -> str:
    try:
        return (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1]
    except (OSError, IndexError):
        return ""


def place(function: str, line: int) -> str:
    """Names the function with its file and line. After inlining, gdb and the compiler do not always agree on the selected
    frame's file, so it is the file with a race point on that line."""
    frame = gdb.selected_frame()
    symtabs = [frame.find_sal().symtab, frame.function() and frame.function().symtab]
    files = [re.sub(r"^\./", "", symtab.filename) for symtab in symtabs if symtab]
    files += sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("mm/*/*.[ch]")
                    if f" {function}(" in path.read_text(encoding="utf-8"))  # inlined beyond recognition
    for file in files:
        if re.search(r"\b(race_point|race_value|wait_until)\(", source_line(file, line)):
            return f"{function}(), {file}:{line}"
    return f"{function}(), line {line}"


class Race(gdb.Command):
    """Run until a CPU reaches a race point: race NAME.

All CPUs stop then, and the frame with the point in it is selected. Without a name, lists the points.
A point is a place between two accesses of the protocol, see kernel/hooks/races.def."""

    def __init__(self) -> None:
        super().__init__("race", gdb.COMMAND_USER)

    def complete(self, text: str, word: str) -> list[str]:
        return [name for name in points() if name.startswith(text)]

    def invoke(self, argument: str, from_tty: bool) -> None:
        known = points()
        if not argument:
            said = meanings()
            print(table([[name, said.get(name, "")] for name in known]))
            return
        if argument not in known:
            raise gdb.GdbError(f"unknown race point {argument}.{did_you_mean(argument, known)} Valid: {' '.join(known)}")
        if not gdb.selected_thread():
            raise gdb.GdbError("the machine is gone: quit, and make gdb again")
        self.run_to(argument)
        function, line = gdb.parse_and_eval("site->function").string(), evaluate("site->line")
        value = evaluate("value") & (1 << 64) - 1
        cpu = cpu_id()
        select_site(function)
        print(f"CPU {cpu} is at {argument}, value {value:#x}: {place(function, line)}")
        print(f"  {meanings().get(argument, '')}")

    def run_to(self, name: str) -> None:
        stop = gdb.Breakpoint("race_reached", internal=True, temporary=True)
        stop.silent = True
        stop.condition = f"site->point == RACE_{name}"
        try:
            gdb.execute("continue", to_string=True)
        except gdb.error as error:
            if gdb.selected_thread():
                raise
            raise gdb.GdbError(f"the run ended ({error}), and no CPU came to {name}") from None
        finally:
            hit = not stop.is_valid()
            if not hit:
                stop.delete()
        if not gdb.selected_thread():
            raise gdb.GdbError(f"the run ended, and no CPU came to {name}")
        if not hit:
            raise gdb.GdbError(f"stopped before any CPU came to {name}")


# --- pte ---------------------------------------------------------------------------------------


def leads_to(level: Level, words: Words) -> str:
    of = port()
    if of.for_software(level, words):
        return f"frame {of.address(level, words) >> 12:#x} for software, nothing for the hardware"
    if not of.present(words):
        return "nothing: the slot is empty" if of.is_empty(level, words) else "not present"
    address = of.address(level, words)
    if of.is_large(level, words):
        return f"a large page at {address:#x}"
    return f"frame {address >> 12:#x}, at {address:#x}" if level.name == "pte" else f"the table at {address:#x}"


def described(level: Level, words: Words) -> list[str]:
    size = 2 * port().sizes[0] + 2
    return [*(f"{word:#0{size}x}" for word in words), port().bits(level, words), leads_to(level, words)]


def value_of(expression: str) -> gdb.Value:
    try:
        value = gdb.parse_and_eval(expression)
        value.fetch_lazy()
    except gdb.error as error:
        raise gdb.GdbError(f"{expression}: {error}") from None
    return value


def unsigned(value: gdb.Value) -> int:
    """Returns an address without its sign, because on mips gdb extends the sign to 64 bits."""
    return int(value) & (1 << 8 * gdb.lookup_type("long").sizeof) - 1


def is_entry(value: gdb.Value) -> bool:
    bare = value.type.strip_typedefs()
    return bare.code == gdb.TYPE_CODE_STRUCT and "word" in [field.name for field in bare.fields()]


class Pte(gdb.Command):
    """Walk the tables loaded by this CPU, by hand: pte EXPRESSION.

The expression is any of gdb's. It gives an address (0x40200000, variant.va) or an entry (variant.seen, *variant.ptep).
For an address, prints each level's entry with its place, its words, its bits and its target. For an entry, prints the same
without its place, as if the entry were of the last level."""

    def __init__(self) -> None:
        super().__init__("pte", gdb.COMMAND_USER)

    def complete(self, text: str, word: str) -> int:
        return gdb.COMPLETE_EXPRESSION

    def invoke(self, argument: str, from_tty: bool) -> None:
        if not argument:
            raise gdb.GdbError("which address? Such as: pte 0x40200000, or any expression: pte variant.va")
        cpu, value = cpu_id(), value_of(argument)
        if is_entry(value):
            level = port().levels[-1]
            words = [int(value["word"][n]) for n in range(len(port().sizes))]
            print(table([["", *port().heads, "bits", "leads to"], [level.name, *described(level, words)]]))
            return
        try:
            va = unsigned(value)
        except (gdb.error, TypeError):
            raise gdb.GdbError(f"{argument} is neither an address nor an entry") from None
        print(f"CPU {cpu}, root {port().root():#x}, address {va:#x}")
        print(table([["", "entry at", *port().heads, "bits", "leads to"], *self.walk(va)]))

    def walk(self, va: int) -> list[list[str]]:
        rows, at = [], port().root()
        for level in port().levels[port().first_level():]:
            index = va >> level.shift & level.entries - 1
            words = port().read_entry(at + 8 * index)
            rows.append([f"{level.name}[{index}]", f"{at + 8 * index:#x}", *described(level, words)])
            if not port().present(words) or port().for_software(level, words) or port().is_large(level, words):
                break
            at = port().address(level, words)
        return rows


# --- cpus --------------------------------------------------------------------------------------


def mask_text(mask: int) -> str:
    return ",".join(str(cpu) for cpu in range(32) if mask >> cpu & 1) or "none"


def wait_text(wait: gdb.Value) -> str:
    kind = int(wait["kind"])
    if not kind:
        return "-"
    name = gdb.parse_and_eval("wait_kind_name")[kind].string()
    return (f"{name} of CPU {mask_text(int(wait['whom']))} at {wait['function'].string()}:{int(wait['line'])}, "
            f"interrupts {'on' if int(wait['irqs_on']) else 'off'}")


def space_texts(mm: gdb.Value, cpu: int) -> list[str]:
    """Returns the loaded space, and whether its shootdowns come here."""
    if not int(mm):
        return ["kernel", "-"]
    in_mask, attached = (int(mm[name]) >> cpu & 1 for name in ("cpumask", "cpu_attach_mask"))
    return [f"{unsigned(mm):#x}", "yes" if in_mask else "lazy" if attached else "no"]


def pending_text(one: gdb.Value) -> str:
    """Returns the requests sent by other CPUs and not taken yet by this one."""
    parts = [f"{what} of CPU {mask_text(int(one[name]))}" for name, what in
             (("shootdown_pending", "shootdown"), ("call_pending", "call")) if int(one[name])]
    return ", ".join(parts) or "-"


def mask_lines(spaces: list[gdb.Value]) -> list[str]:
    """Returns the masks of each space loaded by a CPU."""
    found = {unsigned(mm): mm for mm in spaces if int(mm)}
    return [f"  space {at:#x}: mask {mask_text(int(mm['cpumask']))}; attached {mask_text(int(mm['cpu_attach_mask']))}; "
            f"clearing {mask_text(int(mm['clearers']))}" for at, mm in sorted(found.items())]


class Cpus(gdb.Command):
    """Print what every CPU does, as far as it publishes it.

First comes its loaded space (a struct mm) and whether the CPU is in that space's mask. Then comes the number of ends of walks
passed so far, which is odd inside a lockless walk. Requests of other CPUs are listed until they are taken, so the CPU may still
be at work on one without an entry here. Last comes its wait, with the CPU waited for and the place. A CPU held at a race
point by a script publishes no wait. Each space's masks follow. They name the CPUs reached by a shootdown, those with its
root loaded, and those clearing an entry of it just now."""

    def __init__(self) -> None:
        super().__init__("cpus", gdb.COMMAND_USER)

    def invoke(self, argument: str, from_tty: bool) -> None:
        here, online = cpu_id(), evaluate("cpus_online")
        rows, spaces = [["CPU", "space", "in its mask", "walk", "pending", "waits for"]], []
        for cpu in (n for n in range(32) if online >> n & 1):
            one = gdb.parse_and_eval(f"cpus[{cpu}]")
            walk = int(one["walk_seq"])
            spaces.append(one["mm"])
            rows.append([f"{cpu}{' *' if cpu == here else ''}", *space_texts(one["mm"], cpu),
                         f"{walk}, {'inside' if walk & 1 else 'outside'}", pending_text(one), wait_text(one["wait"])])
        print("\n".join([table(rows), *mask_lines(spaces)]))


def begin(point: str) -> None:
    """Runs to the race point for `make gdb`, and shows how the CPU came there."""
    try:
        gdb.execute(f"race {point}")
    except gdb.error as error:
        raise gdb.GdbError(str(error)) from None
    try:
        gdb.execute("backtrace")
    except gdb.error as error:  # frames below the kernel's first function are none of ours
        print(error)


Race()
Pte()
Cpus()
print("Commands: race POINT, pte EXPRESSION, cpus (and: help race). docs/tour.md is a race to type along.")
