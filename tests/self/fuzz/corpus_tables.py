# SPDX-License-Identifier: MIT
"""Makes inputs for the parsers of firmware tables."""
from __future__ import annotations

from corpus_bytes import EVERYWHERE, le, put

# Firmware tables. An input has the root's address and then pieces of memory, each as address, size and bytes.

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
    """Makes all memory from the RSDP to the MADT at `at`. `root` replaces the XSDT with its address."""
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
    """Makes a FADT. `x` is the generic address structure of X_PM_TMR_BLK."""
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
    """Makes an entry point and its table. `length` is the entry point's own length field."""
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
    """Makes an SPCR. `more` holds the bytes from the clock field, byte 76, on."""
    body = bytes((kind, 0, 0, 0, space, width, 0, access)) + le(8, at) + bytes(6) + le(1, speed) + bytes(17) + more
    return summed(put(table(b"SPCR", body), 8, le(1, revision)), 9)


def spcr_inputs() -> dict[str, bytes]:
    """Puts each SPCR below an RSDP, in the place of a MADT."""
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
