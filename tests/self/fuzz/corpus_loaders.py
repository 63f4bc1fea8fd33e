# SPDX-License-Identifier: MIT
"""Makes inputs for the parsers of boot loaders, and for the lists of RAM that come out of them."""
from __future__ import annotations

import struct

from corpus_bytes import EVERYWHERE, MIB, PAGE, le, put

MB1, MB2 = 0x2BADB002, 0x36D76289

Map = list[tuple[int, int, int]]  # base, length, type
PC_MAP: Map = [(0, 0x9FC00, 1), (0x9FC00, 0x400, 2), (MIB, 63 * MIB, 1), (1 << 32, 1 << 31, 1),
               (0xFFFC0000, 0x40000, 2)]
ODD_MAP: Map = [(MIB, 8 * MIB, 1), (4 * MIB, 8 * MIB, 1), (6 * MIB, MIB, 2), (EVERYWHERE - 100, PAGE, 1),
                (EVERYWHERE - 100, PAGE, 2), (3 << 30, 2 << 30, 1), (MIB, 0, 1), (20 * MIB, EVERYWHERE - 30 * MIB, 1)]


# Boot loaders. An input has EAX, EBX, the address of the first byte, and the memory from there on.

START = 0x9000


def mb1(entries: Map, line: bytes = b"zapwalk list", sizes: int = 20, info: bytes = b"",
        length: int | None = None) -> bytes:
    """Makes the information of multiboot1. `info` packs (offset, value) pairs of 32-bit fields to replace the right
    ones."""
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
    """Makes argv, envp and the bytes of RAM, and then memory. The strings follow both lists in the given order."""
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


# RAM lists and their users.


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
