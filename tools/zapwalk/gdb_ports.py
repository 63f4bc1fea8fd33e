# SPDX-License-Identifier: MIT
"""Each port as gdb must know it, with the number of the stopped CPU, the place of its tables and the bits of an entry.

Works only inside gdb. Reads registers, memory and the image's debug information.
"""
from __future__ import annotations

from dataclasses import dataclass

import gdb  # gdb's own module, which exists only inside gdb


def evaluate(expression: str) -> int:
    return int(gdb.parse_and_eval(expression))


def register(name: str) -> int:
    """Reads a register of the stopped CPU in its newest frame, because gdb does not know its contents in older frames."""
    return int(gdb.newest_frame().read_register(name))


@dataclass
class Level:
    """The table for looking up an address, and the address bits for choosing the entry."""

    name: str
    shift: int
    entries: int


Words = list[int]  # of an entry, in the order in which they lie in memory


def set_bits(value: int, names: dict[int, str]) -> list[str]:
    return [name for bit, name in names.items() if value >> bit & 1]


class Port:
    """A port with a fixed number of levels."""

    base = 0  # of the direct map
    sizes = (4, 4)  # bytes of an entry's words
    order = "little"
    heads = ("low", "high")
    levels: tuple[Level, ...] = ()

    def in_kernel(self) -> bool:
        """Has the stopped CPU come far enough for cpu_id()?"""
        raise NotImplementedError

    def cpu_id(self) -> int:
        """Returns the same as cpu_id() of asm/smp.h."""
        raise NotImplementedError

    def root(self) -> int:
        """Returns the physical address of the top-level table walked by this CPU."""
        raise NotImplementedError

    def first_level(self) -> int:
        """Returns the index of the first level in `levels`."""
        return 0

    def read_entry(self, pa: int) -> Words:
        try:
            data = bytes(gdb.selected_inferior().read_memory(self.base + pa, 8))
        except gdb.MemoryError:
            raise gdb.GdbError(f"there is no entry at {pa:#x}: not in the direct map") from None
        size = self.sizes[0]
        return [int.from_bytes(data[at:at + size], self.order) for at in range(0, len(data), size)]

    def present(self, words: Words) -> bool:
        """Is the entry present for the walker of the tables, either the hardware or the handlers on mips?"""
        raise NotImplementedError

    def is_empty(self, level: Level, words: Words) -> bool:
        """Are these the words of an empty slot?"""
        return not any(words)

    def for_software(self, level: Level, words: Words) -> bool:
        """Is the entry present, but for software only?"""
        raise NotImplementedError

    def address(self, level: Level, words: Words) -> int:
        """Returns the address of the frame or the table below a present entry."""
        raise NotImplementedError

    def bits(self, level: Level, words: Words) -> str:
        raise NotImplementedError

    def is_large(self, level: Level, words: Words) -> bool:
        return False


class X86(Port):
    """PAE, as in arch/x86/include/asm/pgtable.h."""

    base = 0xC0000000
    levels = (Level("pgd", 30, 4), Level("pmd", 21, 512), Level("pte", 12, 512))
    names = dict(enumerate(["P", "RW", "US", "PWT", "PCD", "A", "D", "PS", "G", "present"]))  # the last is software's
    of_pdpte = {"P", "PWT", "PCD", "present"}  # SDM vol. 3, table 4-8

    def in_kernel(self) -> bool:
        return bool(register("fs") and register("cr0") & 1 << 31)

    def cpu_id(self) -> int:
        return evaluate(f"*(unsigned *){register('fs_base'):#x}")

    def root(self) -> int:
        return register("cr3") & 0xFFFFFFE0

    def present(self, words: Words) -> bool:
        return bool(words[0] & 1)

    def for_software(self, level: Level, words: Words) -> bool:
        return bool(words[0] >> 9 & 1) and not words[0] & 1

    def address(self, level: Level, words: Words) -> int:
        return (words[1] & 0xFFFFF) << 32 | words[0] & 0xFFFFF000

    def bits(self, level: Level, words: Words) -> str:
        """Names the bits set. In a PDPTE a bit without a meaning there is named by its number."""
        names = [name if level.name != "pgd" or name in self.of_pdpte else f"bit{n}"
                 for n, name in self.names.items() if words[0] >> n & 1]
        return " ".join(names + ["NX"] * (words[1] >> 31)) or "-"

    def is_large(self, level: Level, words: Words) -> bool:
        return level.name == "pmd" and bool(words[0] >> 7 & 1)


class Mips(Port):
    """XPA, as in arch/mips/include/asm/xpa.h. No hardware walks. Our handlers walk from the root in the CPU's data."""

    base = 0x80000000
    levels = (Level("pgd", 29, 4), Level("pmd", 21, 256), Level("pte", 12, 512))
    names = ({24: "PRESENT", 25: "WRITE", 26: "ACCESSED", 27: "MODIFIED"}, {3: "V", 4: "D", 2: "G", 0: "XI", 1: "RI"})

    def __init__(self, order: str):
        self.order = order

    def in_kernel(self) -> bool:
        return bool(self.own())

    def own(self) -> int:
        """Returns $gp. In the kernel it points to the CPU's struct mips_cpu."""
        return register("gp") & 0xFFFFFFFF

    def cpu_id(self) -> int:
        return evaluate(f"((struct mips_cpu *){self.own():#x})->id")

    def root(self) -> int:
        return evaluate(f"((struct mips_cpu *){self.own():#x})->root")

    def present(self, words: Words) -> bool:
        return bool(words[0] >> 24 & 1)

    def is_empty(self, level: Level, words: Words) -> bool:
        """Ignores G, because the neighbour of a global entry has the same G."""
        return not words[0] and not words[1] & ~4

    def for_software(self, level: Level, words: Words) -> bool:
        return level.name == "pte" and self.present(words) and not words[1] >> 3 & 1

    def address(self, level: Level, words: Words) -> int:
        return (words[1] >> 8 | (words[0] & 0xFFFFFF) << 24) << 12

    def bits(self, level: Level, words: Words) -> str:
        return " ".join(set_bits(words[0], self.names[0]) + set_bits(words[1], self.names[1])) or "-"


class S390x(Port):
    """The tables of Principles of Operation, chapter 3. The ASCE in control register 7 has the number of levels."""

    sizes = (8,)
    order = "big"
    heads = ("value",)
    levels = (Level("pgd", 53, 2048), Level("p4d", 42, 2048), Level("pud", 31, 2048), Level("pmd", 20, 2048),
              Level("pte", 12, 256))
    of_table = {0: "present", 5: "I", 9: "P"}
    of_page = {0: "present", 10: "I", 9: "P", 8: "NX", 1: "write", 2: "user", 3: "young", 4: "dirty"}

    def in_kernel(self) -> bool:
        return bool(evaluate("cpus_online"))

    def cpu_id(self) -> int:
        return evaluate("*(unsigned *)0x390")  # LOWCORE_CPU_ID

    def root(self) -> int:
        return register("cr7") & ~0xFFF

    def first_level(self) -> int:
        return 3 - (register("cr7") >> 2 & 3)

    def present(self, words: Words) -> bool:
        return bool(words[0] & 1)

    def is_empty(self, level: Level, words: Words) -> bool:
        """An empty slot is invalid, and in an upper table it also has the table's type."""
        return words[0] == 0x400 if level.name == "pte" else words[0] & ~0xC == 0x20

    def for_software(self, level: Level, words: Words) -> bool:
        return self.present(words) and bool(words[0] >> (10 if level.name == "pte" else 5) & 1)

    def address(self, level: Level, words: Words) -> int:
        """A pmd entry leads to a page table of 2 KiB, so its address has more bits."""
        return words[0] & ~(0x7FF if level.name == "pmd" else 0xFFF)

    def bits(self, level: Level, words: Words) -> str:
        return " ".join(set_bits(words[0], self.of_page if level.name == "pte" else self.of_table)) or "-"


def port() -> Port:
    """Returns the port of the image loaded in gdb."""
    name = gdb.selected_inferior().architecture().name()
    if name.startswith("i386"):
        return X86()
    if name.startswith("s390"):
        return S390x()
    if name.startswith(("mips", "isa")):
        return Mips("big" if "big" in gdb.execute("show endian", to_string=True) else "little")
    raise gdb.GdbError(f"nothing is known of the architecture {name}")
