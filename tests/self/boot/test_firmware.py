#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots PCs in the state left by bad firmware, made by tests/self/boot/firmware. Fails if the kernel calls such a PC
broken or does not name the bad part.

Alone: tests/self/boot/test_firmware.py [CASE...]. The logs are in build/test/test_firmware."""
from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass

from tap import ENDS, INCOMPLETE, PLACE, Result, boot, call, check, finish
from zapwalk.log import Log

KERNEL = "build/x86/firmware.elf"
MODULE = "build/x86/lab/zapwalk.elf"
BRIEF = "run=hw/ipi seconds=1"
NMIS = "run=hw/ipi,tlb/stale seconds=1"  # takes longer, and its flushes by NMI go to every CPU in use
SCREEN = PLACE / "ten-bit-screen.raw"


@dataclass
class Said:
    """Patterns that must all be found in one line. Their order is free, because the exact text is Zapwalk's own."""

    meaning: str
    patterns: tuple[str, ...]

    def are_in(self, lines: list[str]) -> bool:
        return any(all(re.search(pattern, line) for pattern in self.patterns) for line in lines)


def stray(vector: int, cpu: int) -> Said:
    return Said(f"vector {vector:#04x} and CPU {cpu}",
                 (rf"\b(0x0*{vector:x}|{vector})\b", rf"(?i)\bcpu[ =]?{cpu}\b"))


def apic_id(number: int, *patterns: str) -> Said:
    return Said(f"APIC id {number:#x}", (rf"\b(0x0*{number:x}|{number})\b", *patterns))


MISSING = Said("CPUs may be missing, by the MADT", (r"MADT", r"(?i)\bmissing\b"))
UNLISTED = r"(?i)\b(unlisted|(not|nobody|no table) list(ed|s))\b"
ASSUMED = "taken as"  # the kernel says so of a rate it did not measure


@dataclass
class Case:
    """One boot. `online` is the number of CPUs used (0 for all), and `silent` counts the CPUs behind them in the list.
    `warns` must be in a warning, `says` in any line of Zapwalk's, and `never` in none. `notes` is the firmware's report
    of what it did while Zapwalk ran."""

    firmware: str
    smp: int
    online: int = 0
    silent: int = 0
    status: str = "pass"
    warns: tuple[Said, ...] = ()
    says: tuple[Said, ...] = ()
    never: tuple[str, ...] = ()
    notes: str = ""
    qemu: str = ""
    times: int = 1
    options: str = BRIEF
    name: str = ""  # the firmware's, unless it is given

    def __post_init__(self) -> None:
        self.name = self.name or self.firmware


CASES = (
    Case("plain", 2),
    Case("lifted-ids", 6, options=NMIS),
    Case("overlapping-ids", 8, options=NMIS),
    Case("swapped-ids", 4, options=NMIS),
    Case("boot-cpu-unlisted", 2),
    Case("pending-timer", 2, warns=(stray(0x20, 0),)),
    Case("timer-runs", 2, warns=(stray(0x51, 0),)),
    Case("in-service", 2),
    Case("irq7-by-ioapic", 2, warns=(Said("that vector 0x0f was kept from CPU 1", (r"avoided: vector 0x0f on CPU 1\b",)),),
         never=("stray interrupt: ",)),
    Case("irq7-late", 3, online=2, warns=(stray(0x0f, 1),), notes="CPU 1 is sent vector 0x0f", options=NMIS),
    Case("irq7-storm", 3, online=2, status="incomplete", warns=(stray(0x0f, 1),), notes="CPU 1 was sent a thousand of them",
         options=NMIS),
    Case("low-writes", 3, online=2, times=3, options=NMIS),
    Case("unlisted-wakes", 4, online=2, says=(apic_id(2, UNLISTED),), notes="CPU 2 is sent an NMI", options=NMIS),
    Case("shared-id", 4, online=2, says=(apic_id(1, UNLISTED),), notes="CPU 2 was sent the start-up signal",
         options="run=hw/ipi,tlb/stale seconds=3"),
    Case("late-cpu", 4, online=2, silent=2, status="incomplete", notes="CPU 2 started late", options=NMIS),
    Case("bogus-x2apic", 4, warns=(apic_id(0x17161514),)),
    Case("id-0xff", 2, warns=(apic_id(0xff),)),
    Case("id-0xffffffff", 2, warns=(apic_id(0xffffffff),)),
    Case("entry-length-0", 4, online=2, status="incomplete", says=(MISSING,)),
    Case("entry-past-end", 4, online=2, status="incomplete", says=(MISSING,)),
    Case("much-memory", 2, qemu="-machine pc,max-ram-below-4g=3.5G"),
    Case("ten-bit-screen", 2, qemu="-object memory-backend-file,id=m,size=16M,share=on,"
         f"mem-path={SCREEN} -device ivshmem-plain,memdev=m", options=f"{BRIEF} passes=100"),  # it draws every 100 ms
    Case("plain", 2, name="no-pit", qemu="-machine pc,pit=off", never=(ASSUMED,), options="run=tlb/stale seconds=3"),
)


def start(case: Case, name: str) -> tuple[Result, str]:
    """Boots once and returns the result and the firmware's notes."""
    notes = PLACE / f"{name}.notes"
    notes.unlink(missing_ok=True)
    made = f"-kernel {KERNEL} -initrd '{MODULE} {case.firmware}' -debugcon 'file:{notes}' {case.qemu}"
    result = boot(case.options, ("--smp", str(case.smp)), name=name, QEMU_ARGS=made)
    return result, notes.read_text() if notes.is_file() else ""


def start_in_time(case: Case, name: str) -> tuple[Result, str]:
    """Boots again, at most three times, if the host was too busy for the firmware to act in time beside Zapwalk."""
    for _ in range(3):
        result, notes = start(case, name)
        if case.notes in notes:
            break
    return result, notes


def lines(result: Result, starts: str = "#") -> list[str]:
    text = result.path.read_text(encoding="utf-8", errors="replace") if result.path else ""
    return [line for line in text.splitlines() if line.startswith(starts) and not line.startswith("# firmware: ")]


def cpus_are_right(case: Case, log: Log) -> bool:
    online = case.online or case.smp
    states = [event.get("state") for event in log.all("cpu")]
    used = log.first("lab").number("cpus")
    return used == online and states == ["online"] * (online - 1) + ["silent"] * case.silent


def run(case: Case, name: str) -> None:
    before = time.monotonic()
    result, notes = start_in_time(case, name)
    took = time.monotonic() - before
    log = result.log or Log("none")
    if case.notes:
        check(case.notes in notes, f"{name}: the firmware did its part", notes, result.text)
    done = log.done.get("status") if log.done else "none"
    check(done == case.status, f"{name}: ends, and is called {case.status}", result.text)
    hidden = case.status == "pass" and case.online and case.online < case.smp
    end = INCOMPLETE if hidden else ENDS[case.status].status
    check(result.status == end, f"{name}: tools/run " + ("misses the CPUs that are not listed" if hidden else "agrees"),
          result.text)
    check(cpus_are_right(case, log), f"{name}: the CPUs that shall be used are, and no others",
          *(event.line for event in log.all("cpu") + log.all("lab")))
    for said in case.warns:
        check(said.are_in(lines(result, "# ev=warning")), f"{name}: a warning names {said.meaning}", result.text)
    for said in case.says:
        check(said.are_in(lines(result)), f"{name}: the log names {said.meaning}", result.text)
    for pattern in case.never:
        found = [line for line in lines(result) if re.search(pattern, line)]
        check(log.header and not found, f"{name}: nothing is \"{pattern}\"", found)
    if name in EXTRAS:
        EXTRAS[name](log, took)


def memory_is_reported(log: Log, _took: float) -> None:
    """The map has 1,572,563 MiB, of which the firmware keeps a part. 64 GiB of it lie within 36 bits of address."""
    listed, beyond = log.first("boot").number("mem_mib") or 0, log.first("memory").number("unreachable_mib") or 0
    check(1572560 <= listed <= 1572563, "much-memory: all memory of the map is reported", f"mem_mib={listed}")
    check(beyond and 63900 <= listed - beyond <= 65536, "much-memory: and what of it this CPU can address",
          f"mem_mib={listed} unreachable_mib={beyond}")


def screen_is_drawn(_log: Log, _took: float) -> None:
    drawn = SCREEN.is_file() and any(SCREEN.read_bytes())
    check(drawn, "ten-bit-screen: something is drawn")
    SCREEN.unlink(missing_ok=True)


def clock_is_true(log: Log, took: float) -> None:
    """If the kernel took the TSC for slower than it is, every second would be too short, and the run would claim more
    time than the boot took."""
    said = float(log.done.get("seconds") or "inf") if log.done else float("inf")
    check(said <= took, "no-pit: the run was not longer than the boot", f"said: {said} s, took: {took:.3f} s")


EXTRAS = {"much-memory": memory_is_reported, "ten-bit-screen": screen_is_drawn, "no-pit": clock_is_true}


def main() -> None:
    wanted = set(sys.argv[1:]) or {case.name for case in CASES}
    made = call(["make", "--no-print-directory", "firmware"], seconds=300)
    if check(made.status == 0, "make firmware", made.text):
        for case in CASES:
            for time_of in range(case.times if case.name in wanted else 0):
                run(case, f"{case.name}-{time_of + 1}" if case.times > 1 else case.name)
    unknown = wanted - {case.name for case in CASES}
    check(not unknown, "every case that is asked for exists", unknown)
    finish()


main()
