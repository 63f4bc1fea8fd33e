#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Between the boot loader and the kernel proper: what time is measured by, and what a machine says that cannot go on."""
from __future__ import annotations

from tap import Result, boot, check, finish
from zapwalk.log import Event

QUICK = "run=hw/user-trap"
# Reads of port 0x61 come to this device instead, so that channel 2 of the PIT has no gate.
NO_PIT = "-chardev null,id=none -device isa-debugcon,iobase=0x61,chardev=none"


def clock_of(result: Result) -> Event:
    return result.log.first("clock") if result.log else Event("clock", {}, "")


def clock(machine: str, source: str, by: str, name: str, **settings: str) -> int:
    """One boot; the rate in kHz that it found, or 0."""
    result = boot(QUICK, ("--machine", machine), name=name, **settings)
    found = clock_of(result)
    check(result.status == 0 and (found.get("source"), found.get("check")) == (source, by),
          f"{name}: the TSC by {source}, checked by {by}", found.line, result.text)
    warned = any("clock" in event.get("what") for event in result.log.all("warning")) if result.log else True
    check(warned == (source == "guess"), f"{name}: a warning if it is a guess, and only then", result.text)
    return found.number("khz") or 0


def clocks() -> None:
    rates = [clock("x86-pc", "pit", "pmtimer", "pit"), clock("x86-noacpi", "pit", "none", "no-acpi"),
             clock("x86-q35", "pmtimer", "hpet", "no-pit", QEMU_ARGS=NO_PIT),
             clock("x86-q35", "pmtimer", "none", "no-hpet", QEMU_ARGS=f"{NO_PIT} -machine hpet=off")]
    check(min(rates) > 0.97 * max(rates) > 0, "all of them find the same rate", rates)
    check(clock("x86-microvm", "guess", "none", "nothing") > max(rates), "a guess is faster than any TSC", rates)


clocks()
finish()
