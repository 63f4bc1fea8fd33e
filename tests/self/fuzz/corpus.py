#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the inputs below tests/self/fuzz/corpus.

Without options it writes the made inputs, sound and unsound ones. With `real` it also writes those captured from the
machines of tools/run. This needs the lab's image and CD (make lab iso) and gdb. Add an input found by a fuzzer by hand,
as found-<its mistake>."""
from __future__ import annotations

import re
import struct
import sys
import tempfile
from pathlib import Path

from capture import Captured, capture
from corpus_bytes import le, put
from corpus_loaders import MB1, bootmem_inputs, multiboot_inputs, ranges_inputs, yamon_inputs
from corpus_tables import (acpi_inputs, acpi_timers_inputs, efi_inputs, memory, mptable_inputs, smbios_inputs,
                           spcr_inputs)

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT / "tests/self/fuzz/corpus"
MACHINES = ("x86-pc", "x86-q35", "x86-noacpi", "x86-cd-bios")


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
    old = re.findall(r'^RENAMED\("(\w+)"', (ROOT / "kernel/renamed.def").read_text(encoding="utf-8"), re.MULTILINE)
    lines["renamed"] = f"guard.{old[0]}=off"
    lines["renamed-values"] = " ".join(f"choice.flush={name}" for name in old)
    return {name: line.encode() for name, line in lines.items()}


def captured_inputs(machine: str, is_: Captured) -> dict[str, bytes]:
    """Returns the captured inputs by parser. The texts of multiboot1 lie far away, so they are moved behind the
    information."""
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
    """Returns the RSDT and the MADT in full, and the headers of the other tables."""
    def whole(at: int) -> bytes:
        return is_.memory[at:at + is_.word(at + 4)]

    below = struct.unpack(f"<{len(whole(rsdt)) // 4}I", whole(rsdt))[9:]
    return [(rsdt, whole(rsdt))] + [(at, data if data.startswith(b"APIC") else data[:36])
                                    for at, data in ((at, whole(at)) for at in below)]


def made() -> dict[str, dict[str, bytes]]:
    """Returns all made inputs by parser and name."""
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
