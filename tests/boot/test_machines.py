#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What firmware and boot loaders other than the default machine's say, and what the kernel makes of it."""
from __future__ import annotations

from tap import Result, boot, check, finish
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


mp_tables()
too_many()
finish()
