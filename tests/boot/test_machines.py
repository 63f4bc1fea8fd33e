#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What firmware and boot loaders other than the default machine's say, and what the kernel makes of it."""
from __future__ import annotations

import shutil

from tap import Result, boot, call, check, finish, skip
from zapwalk.log import Event

QUICK = "run=hw/above-4G,pte/torn-read,tlb/stale mode=choreo"


def firmware(result: Result) -> Event:
    return result.log.first("firmware") if result.log else Event("firmware", {}, "")


def online(result: Result) -> int | None:
    return result.log.first("lab").number("cpus") if result.log else None


def mp_tables() -> None:
    for smp in ("2", "5"):
        result = boot(QUICK, ("--machine", "x86-noacpi", "--smp", smp), name=f"noacpi{smp}")
        check(result.status == 0 and online(result) == int(smp), f"x86-noacpi, {smp} CPUs: all start", result.text)
        check(firmware(result).get("tables") == "mp", f"x86-noacpi, {smp} CPUs: by the MP tables", result.text)


def too_many() -> None:
    result = boot(QUICK, ("--smp", "40"), name="smp40")
    check(result.status == 1 and online(result) == 32, "40 CPUs: 32 are used", result.text)
    check(result.says("INCOMPLETE", "8 of the firmware's CPUs are not used", "40 CPUs listed"),
          "40 CPUs: which and how many not is said", result.text)


def from_cd() -> None:
    if not shutil.which("grub-mkrescue"):
        skip("x86-cd-bios", "grub-mkrescue is not installed: tools/setup test")
        return
    made = call(["make", "--no-print-directory", "iso"], seconds=300)
    if not check(made.status == 0, "make iso", made.text):
        return
    result = boot(QUICK, ("--machine", "x86-cd-bios"), name="cd")
    check(result.status == 0 and online(result) == 2, "x86-cd-bios: passes, words with commas and stars arrive",
          result.text)
    facts = result.log.first("boot") if result.log else Event("boot", {}, "")
    check(facts.get("protocol") == "multiboot2" and "GRUB" in (facts.get("loader") or ""), "x86-cd-bios: multiboot2",
          facts.line)
    check(firmware(result).get("tables") == "acpi", "x86-cd-bios: the RSDP is found", firmware(result).line)
    long = ",".join(["hw/user-trap"] * 65)
    result = boot(f"run={long}", ("--machine", "x86-cd-bios"), name="cd-long", QEMU_ARGS="-vga std")
    check(result.status == 0, f"x86-cd-bios: {len(long)} characters of words arrive", result.text)
    check(result.log and result.log.first("framebuffer").number("pitch") == 160, "x86-cd-bios: the screen is known")
    result = boot("fault.trap=ud", ("--machine", "x86-cd-bios"), name="cd-ud")
    check(result.status == 1 and result.says("raise_ud"), "x86-cd-bios: failures have places too", result.text)


def without_pae() -> None:
    result = boot(QUICK, name="no-pae", QEMU_ARGS="-cpu pentium")
    check(result.status == 1 and result.says("Bail out! this CPU has no PAE") and not result.says("killed"),
          "no PAE: said, and the machine ends", result.text)


mp_tables()
too_many()
from_cd()
without_pae()
finish()
