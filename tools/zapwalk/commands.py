# SPDX-License-Identifier: MIT
"""Commands of our own inside gdb (tools/zapwalk.gdb loads this): race, pte, cpus. For the x86 port.

Nothing here calls into the kernel: it reads registers, memory and the image's debug information.
"""
from __future__ import annotations

import re
from pathlib import Path

import gdb  # gdb's own module: there is one only inside gdb

ROOT = Path(__file__).resolve().parents[2]
KERNEL_BASE = 0xC0000000  # arch/x86/include/asm/page.h: the direct map
PRESENT, LARGE, SOFTWARE_PRESENT = 1, 1 << 7, 1 << 9  # asm/pgtable.h
FRAME_LOW, FRAME_HIGH = 0xFFFFF000, 0x000FFFFF
BITS = ["P", "RW", "US", "PWT", "PCD", "A", "D", "PS", "G", "present"]  # of the low word; the last is software's


def evaluate(expression: str) -> int:
    return int(gdb.parse_and_eval(expression))


def table(rows: list[list[str]]) -> str:
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  " + "  ".join(text.ljust(size) for text, size in zip(row, sizes)).rstrip() for row in rows)


def in_kernel() -> None:
    """Raises unless the stopped CPU runs on our page tables, with its own segment loaded."""
    if not gdb.selected_thread():
        raise gdb.GdbError("the machine is gone: quit, and make gdb again")
    if not evaluate("$fs") or not evaluate("$cr0") & 1 << 31:
        raise gdb.GdbError("this CPU is not in the kernel yet; first: race role_start")


def cpu_id() -> int:
    """The kernel's number of the CPU that gdb has selected: cpu_id() of asm/smp.h."""
    in_kernel()
    return evaluate("*(unsigned *)$fs_base")


# --- race --------------------------------------------------------------------------------------


def points() -> list[str]:
    """Every race point of the image, in the order of kernel/races.def."""
    names = [field.name for field in gdb.lookup_type("enum race_point").fields()]
    return [name[len("RACE_"):] for name in names if name.startswith("RACE_")]


def meanings() -> dict[str, str]:
    text = (ROOT / "kernel/races.def").read_text(encoding="utf-8")
    return dict(re.findall(r'^RACE\((\w+), "([^"]*)"\)', text, re.MULTILINE))


def select_site(function: str) -> None:
    """The frame that has the race point in it, instead of race_reached()."""
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
    """In which file the selected frame's function is, gdb and the compiler do not always agree, after inlining:
    the one that has a race point on that line."""
    frame = gdb.selected_frame()
    symtabs = [frame.find_sal().symtab, frame.function() and frame.function().symtab]
    files = [re.sub(r"^\./", "", symtab.filename) for symtab in symtabs if symtab]
    files += sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("mm/*.[ch]")
                    if f" {function}(" in path.read_text(encoding="utf-8"))  # inlined beyond recognition
    for file in files:
        if re.search(r"\b(race|race_value|wait_until)\(", source_line(file, line)):
            return f"{function}(), {file}:{line}"
    return f"{function}(), line {line}"


class Race(gdb.Command):
    """Run until a CPU reaches a race point: race NAME.

All CPUs stop then, and the frame that has the point in it is selected. Without a name: lists the points.
A point is a place between two accesses of the protocol, see kernel/races.def."""

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
            raise gdb.GdbError(f"unknown race point {argument}. Valid: {' '.join(known)}")
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


def read_entry(pa: int) -> tuple[int, int]:
    """The two words of the entry at a physical address of the direct map."""
    try:
        data = bytes(gdb.selected_inferior().read_memory(KERNEL_BASE + pa, 8))
    except gdb.MemoryError:
        raise gdb.GdbError(f"there is no entry at {pa:#x}: not in the direct map") from None
    return int.from_bytes(data[:4], "little"), int.from_bytes(data[4:], "little")


def bits(level: str, low: int, high: int) -> str:
    """A PDPTE has P, PWT and PCD only (SDM vol. 3, table 4-8); what else is set there is named by its bit."""
    valid = {"P", "PWT", "PCD", "present"} if level == "pgd" else set(BITS)
    names = [name if name in valid else f"bit{n}" for n, name in enumerate(BITS) if low >> n & 1]
    return " ".join(names + (["NX"] if high >> 31 else [])) or "-"


def leads_to(level: str, low: int, high: int) -> str:
    address = (high & FRAME_HIGH) << 32 | low & FRAME_LOW
    if low & SOFTWARE_PRESENT and not low & PRESENT:
        return f"frame {address >> 12:#x} for software, nothing for the hardware"
    if not low & PRESENT:
        return "not present" if low or high else "nothing: the slot is empty"
    if level == "pmd" and low & LARGE:
        return f"a large page at {address:#x}"
    return f"frame {address >> 12:#x}, at {address:#x}" if level == "pte" else f"the table at {address:#x}"


class Pte(gdb.Command):
    """Walk the tables that this CPU has loaded, by hand: pte ADDRESS.

Prints each level's entry: where it is, its two words, its bits, and what it leads to."""

    def __init__(self) -> None:
        super().__init__("pte", gdb.COMMAND_USER)

    def invoke(self, argument: str, from_tty: bool) -> None:
        if not argument:
            raise gdb.GdbError("which address? Such as: pte 0x40200000")
        va, cpu = evaluate(argument) & 0xFFFFFFFF, cpu_id()
        root = evaluate("$cr3") & 0xFFFFFFE0
        print(f"CPU {cpu}, root {root:#x}, address {va:#x}")
        print(table([["", "entry at", "low", "high", "bits", "leads to"], *self.walk(root, va)]))

    def walk(self, at: int, va: int) -> list[list[str]]:
        rows = []
        for level, shift, entries in (("pgd", 30, 4), ("pmd", 21, 512), ("pte", 12, 512)):
            index = va >> shift & entries - 1
            low, high = read_entry(at + 8 * index)
            rows.append([f"{level}[{index}]", f"{at + 8 * index:#x}", f"{low:#010x}", f"{high:#010x}",
                         bits(level, low, high), leads_to(level, low, high)])
            if not low & PRESENT or (level == "pmd" and low & LARGE):
                break
            at = (high & FRAME_HIGH) << 32 | low & FRAME_LOW
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
    """Which space is loaded, and whether shootdowns of it come here."""
    if not int(mm):
        return ["kernel", "-"]
    in_mask, attached = (int(mm[name]) >> cpu & 1 for name in ("cpumask", "cpu_attach_mask"))
    return [f"{int(mm):#x}", "yes" if in_mask else "lazy" if attached else "no"]


class Cpus(gdb.Command):
    """What every CPU does, as far as it publishes it.

The space that it has loaded (a struct mm) and whether it is in that space's mask; how many ends of walks it
passed, odd: inside a lockless walk; what it waits for, on whom, where. A CPU that a script holds at a race
point publishes no wait."""

    def __init__(self) -> None:
        super().__init__("cpus", gdb.COMMAND_USER)

    def invoke(self, argument: str, from_tty: bool) -> None:
        here, online = cpu_id(), evaluate("cpus_online")
        rows = [["CPU", "space", "in its mask", "walk", "waits for"]]
        for cpu in (n for n in range(32) if online >> n & 1):
            one = gdb.parse_and_eval(f"cpus[{cpu}]")
            walk = int(one["walk"])
            rows.append([f"{cpu}{' *' if cpu == here else ''}", *space_texts(one["mm"], cpu),
                         f"{walk}, {'inside' if walk & 1 else 'outside'}", wait_text(one["wait"])])
        print(table(rows))


Race()
Pte()
Cpus()
print("Commands: race POINT, pte ADDRESS, cpus (and: help race). docs/tour.md is a race to type along.")
