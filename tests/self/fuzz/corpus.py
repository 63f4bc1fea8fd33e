#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the inputs below tests/self/fuzz/corpus.

Without options: those that are made, sound and unsound ones. With `real`: also those that come from the machines of
tools/run, for which the lab's image and CD must be there (make lab iso) and gdb. What a fuzzer finds is added by
hand, as found-<what it was>.
"""
from __future__ import annotations

import struct
import sys
import tempfile
from pathlib import Path

from capture import Captured, capture

CORPUS = Path(__file__).resolve().parent / "corpus"
MACHINES = ("x86-pc", "x86-q35", "x86-noacpi", "x86-cd-bios")
MB1, MB2 = 0x2BADB002, 0x36D76289
MIB, PAGE = 1 << 20, 4096
EVERYWHERE = (1 << 64) - 1

Map = list[tuple[int, int, int]]  # base, length, type
PC_MAP: Map = [(0, 0x9FC00, 1), (0x9FC00, 0x400, 2), (MIB, 63 * MIB, 1), (1 << 32, 1 << 31, 1),
               (0xFFFC0000, 0x40000, 2)]
ODD_MAP: Map = [(MIB, 8 * MIB, 1), (4 * MIB, 8 * MIB, 1), (6 * MIB, MIB, 2), (EVERYWHERE - 100, PAGE, 1),
                (EVERYWHERE - 100, PAGE, 2), (3 << 30, 2 << 30, 1), (MIB, 0, 1), (20 * MIB, EVERYWHERE - 30 * MIB, 1)]


def le(size: int, *values: int) -> bytes:
    return b"".join((value & (1 << 8 * size) - 1).to_bytes(size, "little") for value in values)


def put(data: bytes, at: int, part: bytes) -> bytes:
    data = data.ljust(at + len(part), b"\0")
    return data[:at] + part + data[at + len(part):]


# Boot loaders. An input: EAX, EBX, the address of the first byte, and memory from there on.

START = 0x9000


def mb1(entries: Map, line: bytes = b"zapwalk list", sizes: int = 20, info: bytes = b"",
        length: int | None = None) -> bytes:
    """info: (offset, value) pairs of 32-bit fields, packed, that replace the right ones."""
    table = b"".join(le(4, sizes) + le(8, base, size) + le(4, kind) for base, size, kind in entries)
    head = bytes(116)
    fields = {0: 1 | 1 << 2 | 1 << 6 | 1 << 9, 4: 639, 8: 64 << 10, 16: START + 0x100, 64: START + 0x78,
              44: len(table) if length is None else length, 48: START + 0x180 + len(line)}
    fields |= dict(struct.iter_unpack("<II", info))
    for at, value in fields.items():
        head = put(head, at, le(4, value))
    memory = put(put(head, 0x78, b"qemu\0"), 0x100, line + b"\0")
    return le(4, MB1, START, START) + put(memory, 0x180 + len(line), table)


def tag(kind: int, body: bytes, size: int | None = None) -> bytes:
    data = le(4, kind, 8 + len(body) if size is None else size) + body
    return data + bytes(-len(data) % 8)


def map_tag(entries: Map, size: int = 24) -> bytes:
    return tag(6, le(4, size, 0) + b"".join(le(8, base, length) + le(4, kind, 0) for base, length, kind in entries))


def screen_tag(at: int = 0xFD000000, pitch: int = 4096, red: int = 16, size: int | None = None,
               colours: tuple[int, ...] = (8, 8, 8, 0, 8)) -> bytes:
    return tag(8, le(8, at) + le(4, pitch, 1024, 768) + bytes((32, 1, 0, 0, red, *colours)), size)


MEM_TAG, END_TAG = tag(4, le(4, 639, 64 << 10)), tag(0, b"")


def mb2(*tags: bytes, total: int | None = None) -> bytes:
    body = b"".join(tags)
    return le(4, MB2, START, START, 8 + len(body) if total is None else total, 0) + body


def multiboot_inputs() -> dict[str, bytes]:
    many: Map = [(MIB * i, 64 << 10, 1) for i in range(200)]
    sound = mb2(tag(2, b"GRUB\0"), tag(1, b"/z list\0"), map_tag(PC_MAP), screen_tag(), tag(14, b"RSD PTR ".ljust(20)),
                tag(15, b"RSD PTR ".ljust(36)), MEM_TAG, END_TAG)
    return {
        "mb1-sound": mb1(PC_MAP), "mb1-odd-ranges": mb1(ODD_MAP), "mb1-many-ranges": mb1(many),
        "mb1-no-map": mb1([], length=0), "mb1-nothing": mb1(PC_MAP, info=le(4, 0, 0)),
        "mb1-cut": mb1(PC_MAP)[:12 + 67], "mb1-map-cut": mb1(PC_MAP)[:-10],
        "mb1-long-map": mb1(PC_MAP, length=EVERYWHERE),
        "mb1-entry-short": mb1(PC_MAP, sizes=19), "mb1-entry-long": mb1(PC_MAP, sizes=0xFFFFFFF0),
        "mb1-entry-none": mb1(PC_MAP, sizes=0), "mb1-outside": mb1(PC_MAP, info=le(4, 16, 0, 48, 0xFFFFFFF0, 64, 1)),
        "mb1-long-line": mb1(PC_MAP, b"z " + b"a" * 1100),
        "mb1-line-cut": put(mb1(PC_MAP), 12 + 16, le(4, START + 0x1F0))[:12 + 0x1F8],
        "mb1-screen-wraps": put(mb1(PC_MAP, info=le(4, 0, 1 << 12 | 0x245)), 12 + 88, le(8, EVERYWHERE - PAGE)),
        "mb2-sound": sound, "mb2-odd-ranges": mb2(map_tag(ODD_MAP), END_TAG), "mb2-many-ranges": mb2(map_tag(many)),
        "mb2-cut": sound[:-9], "mb2-half": sound[:len(sound) // 2], "mb2-only-total": mb2()[:16],
        "mb2-total-huge": put(sound, 12, le(4, EVERYWHERE)), "mb2-total-1": put(sound, 12, le(4, 1)),
        "mb2-tag-7": mb2(tag(1, b"", 7), map_tag(PC_MAP)),
        "mb2-tag-huge": mb2(tag(1, b"", 0xFFFFFFF8), map_tag(PC_MAP)),
        "mb2-tag-0": mb2(tag(1, b"", 0), map_tag(PC_MAP)), "mb2-many-tags": mb2(*[tag(99, b"")] * 300, map_tag(PC_MAP)),
        "mb2-line-no-end": mb2(map_tag(PC_MAP), tag(1, b"listlist")), "mb2-map-short": mb2(tag(6, b""), MEM_TAG),
        "mb2-map-entry-0": mb2(map_tag(PC_MAP, 0), MEM_TAG),
        "mb2-map-entry-huge": mb2(map_tag(PC_MAP, 0xFFFFFFF0), MEM_TAG),
        "mb2-mem-short": mb2(tag(4, b"")), "mb2-rsdp-short": mb2(MEM_TAG, tag(14, b"RSD PTR ")),
        "mb2-rsdp-long": mb2(MEM_TAG, tag(15, b"RSD PTR ".ljust(100))),
        "mb2-screen-wraps": mb2(MEM_TAG, screen_tag(at=EVERYWHERE - PAGE)),
        "mb2-screen-short": mb2(MEM_TAG, screen_tag(size=37)),
        "mb2-screen-cut": mb2(MEM_TAG, screen_tag(size=37), total=8 + 16 + 37),
        "mb2-screen-ten-bits": mb2(MEM_TAG, screen_tag(red=20, colours=(10, 10, 10, 0, 10))),
        "mb2-screen-17-bits": mb2(MEM_TAG, screen_tag(red=0, colours=(17, 0, 8, 0, 8))),
        "mb2-screen-pitch": mb2(MEM_TAG, screen_tag(pitch=100)), "mb2-screen-red": mb2(MEM_TAG, screen_tag(red=250)),
        "unknown-magic": le(4, 0x12345678) + sound[4:], "empty": b"",
    }


def yamon(line: bytes | None = b"run=hw/*", *environment: bytes, argv: int = 0x10, envp: int = 0x20,
          strings: int = 0x200) -> bytes:
    """argv, envp, bytes of RAM; then memory. The strings stand behind both lists, in the order that they are given."""
    kseg0 = 1 << 31
    data = bytes(16) + le(4, kseg0, 0 if line is None else kseg0 + strings) + bytes(8)
    texts, words = (b"" if line is None else line) + b"\0", b""
    for text in environment:
        words += le(4, kseg0 + strings + len(texts))
        texts += text + b"\0"
    return le(4, argv, envp, 64 * MIB) + put(put(data, 0x20, words), strings, texts)


def yamon_inputs() -> dict[str, bytes]:
    def memsize(value: bytes) -> bytes:
        return yamon(b"list", b"memsize", value)

    last = MIB - 8
    return {
        "usual": yamon(b"run=hw/*", b"ethaddr", b"52:54:00:12:34:56", b"memsize", b"268435456"),
        "no-line": yamon(None), "empty-line": yamon(b""), "long-line": yamon(b"x" * 1023),
        "cut-line": yamon(b"y" * 1024), "very-long-line": yamon(b"z" * 5000),
        "line-outside": put(yamon(), 12 + 0x14, le(4, (1 << 31) + (1 << 30))),
        "line-without-end": yamon(b"x")[:-1] + b"x" * 40,
        "memsize-largest": memsize(b"4294967295"), "memsize-too-large": memsize(b"4294967296"),
        "memsize-hex": memsize(b"0x1000000"), "memsize-long": memsize(b"1" * 40), "memsize-none": memsize(b""),
        "memsize-colon": memsize(b"1:"), "memsize-wraps": memsize(b"18446744073709551617"),
        "odd-argv": put(yamon(argv=0x12), 12 + 0x16, le(4, (1 << 31) + 0x200)), "far-argv": yamon(argv=MIB),
        "argv-0": yamon(argv=1 << 31), "argv-at-the-end": yamon(argv=last + 4),
        "argv-last": yamon(argv=last),
        "far-envp": yamon(b"x", b"memsize", b"1", envp=MIB - 4), "no-envp": yamon(envp=1 << 31),
        "long-environment": yamon(b"x", *[b"a", b"b"] * 40), "odd-environment": yamon(b"x", b"memsize"),
        "empty": b"",
    }


# RAM lists and who takes from them.


def steps(limit: int, *parts: tuple[int, int, int]) -> bytes:
    return le(8, limit) + b"".join(le(1, add) + le(8, start, end) for add, start, end in parts)


def ranges_inputs() -> dict[str, bytes]:
    limit = 1 << 36
    spread = [(1, 16384 * i, 16384 * i + PAGE) for i in range(140)]
    return {
        "overlaps": steps(limit, (1, MIB, 3 * MIB), (1, 0, 2 * MIB), (0, MIB + 1, MIB + 2), (1, 3 * MIB, 4 * MIB)),
        "holes": steps(limit, (1, 0, 1 << 33), (0, (1 << 32) - 1, (1 << 32) + 1), (0, 0, 1), (0, 6 << 30, EVERYWHERE)),
        "reversed": steps(limit, (1, 2 * MIB, MIB), (1, MIB, MIB), (1, 0, MIB), (0, MIB, 0)),
        "huge": steps(limit, (1, 3 << 30, EVERYWHERE), (1, EVERYWHERE - PAGE, EVERYWHERE), (0, limit - 1, EVERYWHERE)),
        "full": steps(limit, *spread, (1, 0, 2 * MIB)),
        "full-of-holes": steps(limit, (1, 0, 1 << 30), *[(0, start, end) for _, start, end in spread]),
        "parts-of-pages": steps(limit, (1, 1, PAGE - 1), (1, 100, 3 * PAGE + 5), (0, 2 * PAGE + 1, 2 * PAGE + 2)),
        "end-of-all-addresses": steps(EVERYWHERE - 245, (1, EVERYWHERE - 1024, EVERYWHERE)),
        "empty": b"",
    }


def bootmem(direct_end: int, ranges: list[tuple[int, int]], *requests: tuple[int, int]) -> bytes:
    return le(4, direct_end) + le(1, len(ranges)) + b"".join(
        le(3, start // PAGE, size // PAGE) for start, size in ranges) + b"".join(
        le(1, low) + le(4, size - 1) for low, size in requests)


def bootmem_inputs() -> dict[str, bytes]:
    usual = [(0, 640 << 10), (MIB, 63 * MIB)]
    return {
        "usual": bootmem(64 * MIB, usual, (0, PAGE), (1, PAGE), (0, MIB), (0, 5000), (1, 1)),
        "too-little": bootmem(64 * MIB, [(0, 640 << 10), (MIB, 13 * MIB)], (0, PAGE)),
        "runs-out": bootmem(64 * MIB, usual, (0, 60 * MIB), (0, 4 * MIB), (0, 3 * MIB), (0, PAGE)),
        "low-runs-out": bootmem(64 * MIB, usual, (1, 600 << 10), (1, 36 << 10), (1, PAGE)),
        "low-from-the-top": bootmem(64 * MIB, [(64 << 10, 64 << 10), (256 << 10, 64 << 10), (MIB, 63 * MIB)],
                                    (1, PAGE), (1, 64 << 10), (1, 60 << 10), (1, PAGE)),
        "beyond-direct-map": bootmem(32 * MIB, [(40 * MIB, 64 * MIB), (16 * MIB, 8 * MIB)], (0, 9 * MIB), (0, 8 * MIB)),
        "no-low-memory": bootmem(1 << 30, [(16 * MIB, 1 << 30)], (1, PAGE), (0, (1 << 30) - 1)),
        "empty": b"",
    }


# Firmware's tables. An input: the root's address, then pieces of memory: address, size, bytes.

BASE = 0xE0000


def summed(data: bytes, where: int, end: int | None = None) -> bytes:
    data = put(data, where, b"\0")
    return put(data, where, le(1, -sum(data[:end])))


def memory(root: int, *pieces: tuple[int, bytes]) -> bytes:
    return le(4, root) + b"".join(le(4, at) + le(2, len(data)) + data for at, data in pieces)


def table(signature: bytes, body: bytes, length: int | None = None) -> bytes:
    return summed((signature + le(4, 36 + len(body) if length is None else length)).ljust(36, b"\0") + body, 9)


def madt(*entries: bytes, length: int | None = None) -> bytes:
    return table(b"APIC", le(4, 0xFEE00000, 1) + b"".join(entries), length)


def apic(number: int, flags: int = 1, length: int = 8) -> bytes:
    return bytes((0, length, number, number)) + le(4, flags)


def x2apic(number: int, flags: int = 1) -> bytes:
    return bytes((9, 16, 0, 0)) + le(4, number, flags, number)


def ioapic(at: int, length: int = 12) -> bytes:
    return (bytes((1, length, 0, 0)) + le(4, at, 0))[:max(length, 2)]


def acpi(tables: bytes, root: bytes | None = None, revision: int = 2, at: int = BASE + 0x100) -> bytes:
    """From the RSDP to the MADT at `at`; root: instead of an XSDT that names it."""
    rsdp = b"RSD PTR ".ljust(15, b"\0") + le(1, revision) + le(4, BASE + 0x40, 36) + le(8, BASE + 0x80)
    rsdp = rsdp.ljust(36, b"\0")
    rsdp = summed(summed(rsdp, 8, 20), 32)
    return memory(BASE, (BASE, rsdp), (BASE + 0x40, table(b"RSDT", le(4, at))),
                  (BASE + 0x80, root or table(b"XSDT", le(8, at))), (at, tables))


def acpi_inputs() -> dict[str, bytes]:
    four = madt(*map(apic, range(4)))
    lying = [madt(apic(0), apic(1, length=length), apic(2)) for length in (0, 1, 4, 200)]
    rows = {
        "sound": acpi(four), "by-rsdt": acpi(four, revision=0), "bad-xsdt": acpi(four, table(b"YSDT", b"")),
        "kinds": acpi(madt(apic(0), apic(1, 0), apic(0), apic(7, 3), apic(7), apic(255), x2apic(9), x2apic(256),
                           x2apic(10, 0), x2apic(EVERYWHERE), bytes((1, 12)).ljust(12, b"\0"))),
        "templates": acpi(madt(*[x2apic(0x17161514)] * 8, x2apic(256), *map(apic, range(4)), x2apic(3))),
        "300-cpus": acpi(madt(*map(apic, range(200)), *map(x2apic, range(200, 300)))),
        "600-cpus": acpi(madt(*map(x2apic, range(600)))), "no-cpus": acpi(madt()),
        "madt-bad-checksum": acpi(four[:-1] + b"\2"), "madt-cut": acpi(four[:-5]), "madt-no-memory": acpi(b""),
        "madt-length-40": acpi(table(b"APIC", le(4, 0xFEE00000))), "madt-length-35": acpi(put(four, 4, le(4, 35))),
        "madt-length-huge": acpi(put(four, 4, le(4, EVERYWHERE))), "madt-one-byte-more": acpi(madt(apic(0), b"\0")),
        "madt-x2apic-short": acpi(madt(apic(0), bytes((9, 2)))), "madt-apic-short": acpi(madt(apic(0), bytes((0, 2)))),
        "madt-x2apic-cut": acpi(madt(apic(0), bytes((9, 16)))), "madt-apic-cut": acpi(madt(apic(0), bytes((0, 8)))),
        "ioapics": acpi(madt(apic(0), ioapic(0xFEC00000), ioapic(0xFEC10000), ioapic(0xFEC00000), ioapic(0),
                             ioapic(0xFEC00004), apic(1))),
        "70-ioapics": acpi(madt(apic(0), *[ioapic(0xFEC00000 + 4096 * number) for number in range(70)])),
        "ioapic-short": acpi(madt(apic(0), ioapic(0xFEC00000, 2))),
        "ioapic-cut": acpi(madt(apic(0), ioapic(0xFEC00000)[:7])),
        "xsdt-of-itself": acpi(four, table(b"XSDT", le(8, *[BASE + 0x80] * 300))),
        "xsdt-cut-pointer": acpi(four, table(b"XSDT", le(4, BASE + 0x100))),
        "madt-at-0": acpi(madt(*map(apic, range(10))), table(b"XSDT", le(8, *[0] * 30)), at=0),
        "two-madts": acpi(four, table(b"XSDT", le(8, BASE + 0x100, BASE + 0x100))),
        "rsdp-bad-checksum": put(acpi(four), 10 + 9, b"x"), "rsdp-cut": memory(BASE, (BASE, acpi(four)[10:29])),
        "empty": b"",
    }
    return rows | {f"madt-entry-length-{length}": acpi(data) for length, data in zip((0, 1, 4, 200), lying)}


def fadt(port: int = 0x608, flags: int = 0, x: bytes = b"", length: int = 4, size: int = 244) -> bytes:
    """x: the generic address structure of X_PM_TMR_BLK."""
    body = put(put(put(bytes(80), 76 - 36, le(4, port)), 91 - 36, le(1, length)), 112 - 36, le(4, flags))
    return table(b"FACP", put(body, 208 - 36, x.ljust(12, b"\0")).ljust(208, b"\0"))[:size]


def address(space: int, at: int) -> bytes:
    return bytes((space, 32, 0, 3)) + le(8, at)


def acpi_timers_inputs() -> dict[str, bytes]:
    hpet = table(b"HPET", le(4, 0x8086A201) + address(0, 0xFED00000) + bytes(4))
    return {
        "fadt-24": fadt(), "fadt-32": fadt(flags=1 << 8), "fadt-reduced": fadt(flags=1 << 20), "fadt-revision-1": fadt(size=116),
        "fadt-x": fadt(x=address(1, 0x1808)), "fadt-x-memory": fadt(x=address(0, 0xFED80808)),
        "fadt-x-huge": fadt(x=address(1, EVERYWHERE)), "fadt-x-cut": fadt(x=address(1, 0x1808), size=212),
        "fadt-port-0": fadt(0), "fadt-port-last": fadt(0xFFFC), "fadt-port-past": fadt(0xFFFD), "fadt-length-0": fadt(length=0),
        "fadt-cut": fadt(size=115), "fadt-flags-cut": fadt(size=112), "hpet": hpet, "hpet-cut": hpet[:55],
        "hpet-place-cut": hpet[:46], "hpet-port": put(hpet, 40, b"\1"), "empty": b"",
    }


def processor(number: int, flags: int = 1) -> bytes:
    return bytes((0, number, 0x14, flags)).ljust(20, b"\0")


BUS = bytes((1, 0)) + b"ISA   "


def mp_ioapic(at: int, flags: int = 1) -> bytes:
    return bytes((2, 0, 0x11, flags)) + le(4, at)


def mp(*entries: bytes, count: int | None = None, cut: int = 0, feature: int = 0, length: int | None = None) -> bytes:
    body = b"".join(entries)
    body = body[:len(body) - cut]
    head = b"PCMP" + le(2, 44 + len(body) if length is None else length) + b"\4\0"
    head = head.ljust(34, b"\0") + le(2, len(entries) if count is None else count)
    floating = summed(b"_MP_" + le(4, BASE + 0x40) + bytes((1, 4, 0, feature, 0, 0, 0, 0)), 10)
    return memory(BASE, (BASE, floating), (BASE + 0x40, summed(head.ljust(44, b"\0") + body, 7)))


def mptable_inputs() -> dict[str, bytes]:
    four = [processor(number) for number in range(4)]
    sound = mp(*four, BUS)
    return {
        "ioapics": mp(four[0], mp_ioapic(0xFEC00000), BUS, mp_ioapic(0xFEC10000, 0), mp_ioapic(0xFEC20000),
                      mp_ioapic(0xFEC00000), mp_ioapic(0)),
        "70-ioapics": mp(four[0], *[mp_ioapic(0xFEC00000 + 4096 * number) for number in range(70)]),
        "ioapic-cut": mp(four[0], mp_ioapic(0xFEC00000), cut=3),
        "sound": sound, "kinds": mp(processor(0, 3), BUS, processor(1, 0), processor(0), processor(255), processor(9)),
        "300-entries": mp(*[processor(number & 255) for number in range(300)]), "no-cpus": mp(BUS),
        "bad-checksum": sound[:-1] + b"x", "cut": sound[:-3], "no-table": sound[:32], "floating-cut": sound[:25],
        "count-too-high": mp(*four, count=9), "count-65535": mp(*four, count=65535),
        "count-too-low": mp(*four, count=2),
        "last-entry-cut": mp(*four, BUS, cut=3), "cpu-cut": mp(*four, cut=15), "cpu-one-byte": mp(*four, cut=19),
        "unknown-entry": mp(four[0], b"\7" + bytes(7)), "default-configuration": mp(*four, feature=5),
        "length-43": mp(length=43), "length-65535": mp(*four, length=65535), "empty": b"",
    }


def structure(kind: int, fields: bytes, *strings: bytes) -> bytes:
    return bytes((kind, 4 + len(fields), 0, 0)) + fields + (b"".join(s + b"\0" for s in strings) or b"\0") + b"\0"


def smbios(data: bytes, new: bool = True, size: int | None = None, length: int | None = None,
           at: int = BASE + 0x40) -> bytes:
    """The entry point and its table. length: what the entry point says of itself."""
    size = len(data) if size is None else size
    if new:
        entry = summed(b"_SM3_\0" + le(1, 24 if length is None else length, 3, 0, 0, 1, 0) + le(4, size) + le(8, at), 5)
    else:
        entry = b"_SM_\0" + le(1, 31 if length is None else length, 2, 8) + bytes(8)
        entry = summed(entry + b"_DMI_\0" + le(2, size) + le(4, at) + bytes(3), 4)
    return memory(BASE, (BASE, entry.ljust(32, b"\0")), (BASE + 0x40, data))


def smbios_inputs() -> dict[str, bytes]:
    by_number = bytes((1, 2, 0, 0, 3))
    firmware = structure(0, by_number, b"  Acme International, LLC. ", b"1.2", b"01/02/2020")
    machine = structure(1, bytes((1, 2)), b"Acme Inc.", b'Box "9"\x01\xe9')
    both = firmware + machine + structure(127, b"")
    new, old = smbios(both), smbios(both, new=False)
    return {
        "sound": new, "sound-old": old, "other-kinds": smbios(structure(4, bytes(40), b"CPU") + both),
        "long-names": smbios(structure(0, by_number, *[b"x" * n for n in (127, 128, 4000)])),
        "blanks": smbios(structure(0, by_number, b"    ", b"  a  b  ", b" " * 200 + b"z" + b" " * 200)),
        "blanks-cut": smbios(structure(0, by_number, b"   ")[:-2]), "string-cut": smbios(machine[:-4]),
        "number-too-high": smbios(structure(1, bytes((9, 250)), b"one")[:-2]),
        "no-strings": smbios(structure(1, b"\1\2")),
        "no-end": smbios(firmware[:-1]),
        "fields-short": smbios(structure(0, b"\1\2", b"a") + structure(1, b"\1", b"b")),
        "length-3": smbios(b"\0\3\0\0" + both), "length-255": smbios(firmware + b"\1\xff\0\0\1\2"),
        "length-255-cut": smbios(firmware + b"\1\xff\0\0"), "header-cut": smbios(firmware + b"\1\6\0"),
        "1100-structures": smbios(structure(7, b"") * 1100 + both),
        "size-0": smbios(both, size=0), "size-huge": smbios(both, size=EVERYWHERE), "size-short": smbios(both, size=20),
        "at-0": smbios(both, at=0), "at-end": smbios(both, at=EVERYWHERE), "bad-checksum": put(new, 10 + 12, b"x"),
        "entry-length-23": smbios(both, length=23), "entry-length-255": smbios(both, length=255),
        "entry-old-length-29": smbios(both, False, length=29), "entry-old-length-255": smbios(both, False, length=255),
        "entry-cut": new[:10 + 20], "empty": b"",
    }


SMBIOS3 = bytes.fromhex("4415fdf294972c4a992ee5bbcf20e394")
SMBIOS2 = bytes.fromhex("312d9deb882dd3119a160090273fc14d")


def efi(tables: bytes, wide: bool = True, count: int | None = None, at: int = BASE + 0x100,
        signature: bytes = b"IBI SYST", cut: int = 0) -> bytes:
    size = 8 if wide else 4
    count = len(tables) // (16 + size) if count is None else count
    system = signature.ljust(24, b"\0") + bytes(10 * size) + le(size, count, at)
    return le(1, wide) + memory(BASE, (BASE, system[:len(system) - cut]), (BASE + 0x100, tables))


def efi_inputs() -> dict[str, bytes]:
    def entry(guid: bytes, at: int, size: int = 8) -> bytes:
        return guid + le(size, at)

    other = entry(bytes(range(16)), BASE)
    both = other + entry(SMBIOS2, BASE + 0x20) + entry(SMBIOS3, BASE + 0x40)
    narrow = entry(bytes(range(16)), BASE, 4) + entry(SMBIOS2, BASE + 0x20, 4)
    return {
        "both": efi(both), "32-bit": efi(narrow, False), "one": efi(entry(SMBIOS2, 1 << 40)), "none": efi(other * 3),
        "at-0": efi(entry(SMBIOS3, 0)), "count-0": efi(both, count=0), "count-too-high": efi(both, count=4),
        "count-too-low": efi(both, count=1), "count-huge": efi(both, count=EVERYWHERE),
        "300-tables": efi(other * 300 + both), "no-tables": efi(both, at=0x1000),
        "tables-at-end": efi(both, at=EVERYWHERE),
        "tables-cut": efi(both)[:-9], "signature": efi(both, signature=b"IBI SYSX"), "cut": efi(both, cut=8),
        "32-bit-cut": efi(narrow, False, cut=4), "no-system-table": le(1, 1) + memory(BASE), "empty": b"",
    }


def spcr(kind: int = 0, space: int = 1, width: int = 8, access: int = 0, at: int = 0x2F8, speed: int = 7,
         revision: int = 2, more: bytes = bytes(4)) -> bytes:
    """more: from the clock, byte 76, on."""
    body = bytes((kind, 0, 0, 0, space, width, 0, access)) + le(8, at) + bytes(6) + le(1, speed) + bytes(17) + more
    return summed(put(table(b"SPCR", body), 8, le(1, revision)), 9)


def spcr_inputs() -> dict[str, bytes]:
    """Below an RSDP, as a MADT is."""
    at = 0xFEDC9000
    rows = {
        "port": spcr(), "memory-bytes": spcr(space=0, at=at), "memory-32": spcr(0x12, 0, 32, 3, at),
        "memory-32-bytes": spcr(0x12, 0, 32, 1, at), "memory-16": spcr(0, 0, 16, 2, at),
        "memory-64": spcr(0, 0, 64, 4, at),
        "memory-high": spcr(space=0, at=at << 20), "memory-odd": spcr(space=0, at=at + 2),
        "memory-end": spcr(space=0, at=EVERYWHERE - 3), "off": spcr(at=0), "port-high": spcr(at=0xFFF9),
        "pci": spcr(space=2), "pl011": spcr(3), "clock": spcr(0, 0, 32, 3, at, revision=3, more=le(4, 48000000)),
        "speed": spcr(revision=4, more=le(4, 48000000, 921600) + bytes(4)),
        "speed-cut": spcr(revision=4, more=le(4, 48000000) + b"\1\2\3"), "speed-code": spcr(speed=255),
        "79-bytes": spcr(more=bytes(3)), "header-alone": table(b"SPCR", b""),
        "length-huge": put(spcr(), 4, le(4, EVERYWHERE)),
        "bad-checksum": put(spcr(), 9, b"x"), "other-table": madt(apic(0)),
    }
    return {name: acpi(data) for name, data in rows.items()} | {"cut": acpi(spcr())[:-1], "empty": b""}


def cmdline_inputs() -> dict[str, bytes]:
    lines = {
        "empty": "", "spaces": "  \t ", "usual": "run=pte/*,tlb/stale seed=1 guard.present_recheck=off verbose",
        "choices": "choice.pte_read=seq choice.flush=nowait choice.zap=split", "bad-choice": "choice.pte_read=fast",
        "unknown": "nonsense=1", "bad-value": "iters=0", "no-value": "iters=", "huge-number": "seconds=4294967296",
        "hex": "passes=0xffffffff", "hex-of-nothing": "passes=0x", "flag-with-value": "list=1", "only-value": "=x",
        "family-alone": "guard.", "lab": "lab.idle=writer lab.guards=stuck", "bad-lab": "lab.idle=",
        "plant": "lab.plant=leak lab.plant=order", "bad-plant": "lab.plant=leak lab.plant=leek",
        "mode": "mode=all mode=probe",
        "faults": "fault.noack=31 fault.oom=1 fault.trap=ud", "bad-fault": "fault.freeze=0",
        "equals": "run=a=b=c known===",
        "stars": "run=" + "*" * 40 + "pte*a*b*a", "commas": "run=,,pte/aba,, known=F-001,,",
        "no-match": "run=pte/aba,nope/*",
        "no-finding": "known=F-001,F-999", "long-option": "x" * 300, "long-pattern": "run=" + "p" * 300,
        "stars-and-commas": "run=*,,*",
    }
    return {name: line.encode() for name, line in lines.items()}


def captured_inputs(machine: str, is_: Captured) -> dict[str, bytes]:
    """By parser. Of multiboot1 the texts are moved behind the information, from far away."""
    end = is_.memory.index
    rows = {}
    if is_.eax == MB1:
        start = min(is_.ebx, is_.word(is_.ebx + 48))
        data = is_.memory[start:is_.ebx + 116]
        for field in (16, 64):
            text = is_.word(is_.ebx + field)
            data = put(data, is_.ebx - start + field, le(4, start + len(data))) + is_.memory[text:end(0, text) + 1]
        rows["multiboot"] = le(4, is_.eax, is_.ebx, start) + data
    else:
        rows["multiboot"] = le(4, is_.eax, is_.ebx, is_.ebx) + is_.memory[is_.ebx:is_.ebx + is_.word(is_.ebx)]
    for at in range(0xE0000, 0x100000, 16):
        if is_.memory[at:at + 8] == b"RSD PTR ":
            rows["acpi"] = memory(at, (at, is_.memory[at:at + 20]), *acpi_pieces(is_, is_.word(at + 16)))
        elif is_.memory[at:at + 4] == b"_MP_":
            below = is_.word(at + 4)
            size = is_.word(below + 4) & 0xFFFF
            rows["mptable"] = memory(at, (at, is_.memory[at:at + 16]), (below, is_.memory[below:below + size]))
        elif is_.memory[at:at + 4] == b"_SM_":
            below, size = is_.word(at + 24), is_.word(at + 22) & 0xFFFF
            rows["smbios"] = memory(at, (at, is_.memory[at:at + 32]), (below, is_.memory[below:below + size]))
    return rows


def acpi_pieces(is_: Captured, rsdt: int) -> list[tuple[int, bytes]]:
    """The RSDT and the MADT whole, of the other tables the headers."""
    def whole(at: int) -> bytes:
        return is_.memory[at:at + is_.word(at + 4)]

    below = struct.unpack(f"<{len(whole(rsdt)) // 4}I", whole(rsdt))[9:]
    return [(rsdt, whole(rsdt))] + [(at, data if data.startswith(b"APIC") else data[:36])
                                    for at, data in ((at, whole(at)) for at in below)]


def made() -> dict[str, dict[str, bytes]]:
    """By parser and name."""
    return {"multiboot": multiboot_inputs(), "yamon": yamon_inputs(), "ranges": ranges_inputs(),
            "bootmem": bootmem_inputs(), "acpi": acpi_inputs(), "acpi_timers": acpi_timers_inputs(),
            "mptable": mptable_inputs(), "smbios": smbios_inputs(), "efi": efi_inputs(), "spcr": spcr_inputs(),
            "cmdline": cmdline_inputs()}


def write(parser: str, name: str, data: bytes) -> None:
    path = CORPUS / parser / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def main() -> None:
    if sys.argv[1:] not in ([], ["real"]):
        sys.exit(str(__doc__))
    for parser, rows in made().items():
        for name, data in rows.items():
            write(parser, name, data)
    with tempfile.TemporaryDirectory() as place:
        for machine in MACHINES if sys.argv[1:] else ():
            for parser, data in captured_inputs(machine, capture(machine, Path(place))).items():
                write(parser, f"real-{machine}", data)


if __name__ == "__main__":
    main()
