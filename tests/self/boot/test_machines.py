#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots machines whose firmware and boot loaders differ from the default machine's. Fails if the kernel does not come
up on one of them, or reads its tables wrongly."""
from __future__ import annotations

import hashlib
import re
import struct
import time

from low_memory import looks_at_low_memory
from rows import Row, run
from tap import CANNOT_START, INCOMPLETE, PLACE, ROOT, Result, boot, call, check, finish, skip
from zapwalk.log import Event

QUICK = "run=hw/above-4G,pte/torn-read,tlb/stale mode=choreo"


def firmware(result: Result) -> Event:
    return result.log.first("firmware") if result.log else Event("firmware", {}, "")


def online(result: Result) -> int | None:
    return result.log.first("lab").number("cpus") if result.log else None


def two_madts() -> None:
    """The firmware's own MADT lists two CPUs, and another one behind it lists six. QEMU makes its header. The kernel
    must use the first and name the duplicate."""
    PLACE.mkdir(parents=True, exist_ok=True)
    table = PLACE / "madt"
    entries = (struct.pack("<BBBBI", 0, 8, number, number, 1) for number in range(6))  # ACPI 6.5, 5.2.12.2
    table.write_bytes(struct.pack("<II", 0xFEE00000, 1) + b"".join(entries))
    result = boot(QUICK, name="madt", QEMU_ARGS=f"-acpitable sig=APIC,data={table}")
    check(result.status == 0 and online(result) == 2, "two MADTs: passes, on the CPUs of the first", result.text)
    named = re.search(r"duplicate MADT at (0x\w+), 1 in all: not used, the one at (0x\w+) is", result.text)
    check(named and named.group(1) != named.group(2), "two MADTs: the duplicate is named, and which one is used",
          result.text)


def too_many() -> None:
    result = boot(QUICK, ("--smp", "40"), name="smp40")
    check(result.status == INCOMPLETE and online(result) == 32, "40 CPUs: 32 are used", result.text)
    check(result.says("INCOMPLETE", "8 of the firmware's CPUs are not used", "40 CPUs listed"),
          "40 CPUs: which and how many not is said", result.text)


def make_image() -> bool:
    """Makes the CD twice, two seconds apart. Both must have the same bytes."""
    image = ROOT / "build/x86/lab/zapwalk.iso"
    image.unlink(missing_ok=True)
    made = call(["make", "--no-print-directory", "iso"], seconds=300)
    if made.status and made.says("Install:"):
        skip("make iso", "its tools are not installed: tools/setup test")
        return False
    first = hashlib.sha256(image.read_bytes()).hexdigest() if image.is_file() else ""
    check(made.status == 0 and first and made.says(first), "make iso, with its sha256", made.text)
    image.unlink(missing_ok=True)
    time.sleep(2)  # otherwise an image dated by the clock might not differ
    made = call(["make", "--no-print-directory", "iso"], seconds=300)
    return check(made.status == 0 and made.says(first), "make iso again: the same bytes", made.text)


def from_stick() -> None:
    """The stick must boot by BIOS and by UEFI, and the kernel must know the screen in both."""
    for machine, screen in (("x86-usb-bios", {"type": "2", "pitch": "160"}), ("x86-usb-uefi", {"type": "1"})):
        result = boot(QUICK, ("--machine", machine), name=machine)
        if result.says("tools/setup test"):
            skip(machine, "its firmware is not installed: tools/setup test")
            continue
        check(result.status == 0 and online(result) == 2, f"{machine}: passes, on 2 CPUs", result.text)
        seen = result.log.first("framebuffer") if result.log else Event("framebuffer", {}, "")
        check(screen.items() <= seen.values.items(), f"{machine}: the screen is known", seen.line)


def fewer() -> None:
    result = boot(QUICK + " cpus=2", ("--smp", "4"), name="cpus")
    check(result.status == 0 and online(result) == 2, "cpus=2 of 4: two are used, and that is a pass", result.text)


def from_cd() -> None:
    run(Row("x86-cd-bios"))
    result = boot(QUICK, ("--machine", "x86-cd-bios"), name="cd")
    check(result.status == 0 and online(result) == 2, "x86-cd-bios: passes, options with commas and stars arrive",
          result.text)
    facts = result.log.first("boot") if result.log else Event("boot", {}, "")
    check(facts.get("protocol") == "multiboot2" and "GRUB" in (facts.get("loader") or ""), "x86-cd-bios: multiboot2",
          facts.line)
    check(firmware(result).get("tables") == "acpi", "x86-cd-bios: the RSDP is found", firmware(result).line)
    long = ",".join(["hw/user-trap"] * 65)
    result = boot(f"run={long}", ("--machine", "x86-cd-bios"), name="cd-long")
    check(result.status == 0, f"x86-cd-bios: {len(long)} characters of options arrive", result.text)
    check(result.log and result.log.first("framebuffer").number("pitch") == 160, "x86-cd-bios: the screen is known")
    result = boot("fault.trap=ud", ("--machine", "x86-cd-bios"), name="cd-ud")
    check(result.status == 1 and result.says("raise_ud"), "x86-cd-bios: failures have places too", result.text)


def old_cpus() -> None:
    for cpu, lacks in (("486", "PAE or CMOV"), ("pentium", "PAE or CMOV"), ("max,-cmov", "PAE or CMOV"),
                       ("max,-tsc", "TSC"), ("max,-cx8", "CX8"), ("max,-apic", "APIC")):
        result = boot(QUICK, name=f"cpu-{cpu}", QEMU_ARGS=f"-cpu {cpu}")
        check(result.status == CANNOT_START and re.search(f"Bail out! this CPU (lacks|has no) {lacks}", result.text)
              and not result.says("killed"), f"-cpu {cpu}: no {lacks} is said, and the machine ends", result.text)


two_madts()
too_many()
fewer()
looks_at_low_memory("x86-pc", "6G")
looks_at_low_memory("x86-pc", "16M")
if make_image():
    from_cd()
    from_stick()
    looks_at_low_memory("x86-usb-uefi", "6G")
old_cpus()
finish()
