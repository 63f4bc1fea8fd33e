#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the machine dies. Fails if the screen is not readable, lacks names and places, has no last line, or if the exit
status is zero."""
from __future__ import annotations

import re

from tap import INCOMPLETE, Result, boot, call, check, finish

PLACE_OF_CODE = re.compile(r"at=(\w+) ([\w./]+\.[chS]):(\d+)")


def died(options: str, name: str, *parts: str, **settings: str) -> Result:
    result = boot(options, ("--deadline", "60"), name=name, **settings)
    check(result.status == 1, f"{options}: fails", result.text)
    check(result.log and result.log.bail_out, f"{options}: Bail out!", result.text)
    check(result.log and result.log.done and result.log.done.get("status") == "fail", f"{options}: a last line",
          result.text)
    check(result.says(*parts), f"{options}: the screen names {', '.join(parts)}", result.text)
    return result


def trap() -> None:
    result = died("fault.trap=ud", "trap")
    places = PLACE_OF_CODE.findall(result.text)
    check(places, "fault.trap=ud: function and file:line", result.text)
    check(result.says("eax=aaaa0001 ebx=bbbb0002 ecx=cccc0003 edx=dddd0004", "esi=51510005 edi=d1d10006 ebp=c"),
          "fault.trap=ud: each register has its value", result.text)
    control = {n: int(value, 16) for n, value in re.findall(r"\bcr(\d)=([0-9a-f]{8})\b", result.text)}
    check(len(control) == 4 and control["0"] & 0x80010001 == 0x80010001 and control["4"] & 0x20 and not control["2"]
          and control["3"] and not control["3"] & 0x1F,
          "fault.trap=ud: the control registers: paging, write protection, PAE, a root, and no page fault", control)
    saved = call(["tools/symbolize", str(result.path)])
    check(saved.status == 0 and PLACE_OF_CODE.findall(saved.text) == places,
          "tools/symbolize says the same for the saved log", saved.text)


def silent_cpu() -> None:
    result = died("fault.noack=1 deadline=2", "noack", "CPU 1")
    waits = [e for e in result.log.all("wait") if e.get("kind") == "shootdown-ack"] if result.log else []
    check(waits and all(e.get("at") for e in waits), "fault.noack=1: what the other CPU waited for, and where",
          result.text)


def places(result: Result, event: str) -> list[str]:
    """Returns the functions named in the lines of this event."""
    lines = [line for line in result.text.splitlines() if line.startswith(f"# ev={event} ")]
    return [match.group(1) for match in map(PLACE_OF_CODE.search, lines) if match]


def every_trap() -> None:
    for name, function, *parts in (
            ("df", "raise_df", "#DF double fault"), ("pf", "raise_pf", "#PF page fault", "load of 0x"),
            ("gp", "raise_gp", "#GP general protection"), ("mc", "raise_mc", "#MC machine check"),
            ("nmi", "self_ipi", "NMI", "port 0x61="), ("irq", "raise_fault", "stray interrupt: vector 0x42 on CPU 0"),
            ("storm", "raise_fault", "stray interrupts keep coming on CPU 0", "vector=0x42 times=65"),
            ("stack", "overflow", "stack overflow", "CPU 0"), ("canary", "raise_fault", "ev=stack cpu=0 state=overrun"),
            ("spurious", "raise_fault", "ev=spurious cpu=0 interrupts=2")):
        result = died(f"fault.trap={name}", f"trap-{name}", *parts)
        check(function in places(result, "frame"), f"fault.trap={name}: in {function}()", result.text)


def broken_screen() -> None:
    result = died("fault.trap=nested", "nested", "ev=panic cpu=0", "ev=nested cpu=0", "#UD")
    check("raise_ud" in places(result, "frame"), "fault.trap=nested: where the screen broke", result.text)


def frozen_cpu() -> None:
    for smp, cpu in (("2", "1"), ("4", "3")):
        result = died(f"fault.freeze={cpu} deadline=2", f"freeze{cpu}", f"CPU {cpu}", SMP=smp)
        check("inject_freeze_now" in places(result, "stopped"), f"fault.freeze={cpu}: where it stands", result.text)
        named = [event.get("cpu") for event in result.log.all("stopped")] if result.log else []
        check(named == [cpu], f"fault.freeze={cpu}: and none of those that only sleep", named)


def absent_cpu() -> None:
    """The screen must not report a CPU as unstoppable if it never started."""
    result = died("fault.silent=1 fault.trap=ud", "absent", SMP="3")
    named = [event.line for event in result.log.all("stopped")] if result.log else [""]
    check(not named, "fault.silent=1 fault.trap=ud: the screen says nothing of the CPU that is not there", named)


def no_memory() -> None:
    for number in ("1", "5", "40"):
        result = died(f"fault.oom={number}", f"oom{number}", "out of memory", f"ev=oom n={number} ")
        check(places(result, "oom"), f"fault.oom={number}: who asked", result.text)


def nothing_planted() -> None:
    """A run must not pass if its planted fault does not happen."""
    died("fault.oom=99999 run=hw/user-trap", "oom-none", "fault.oom= did not happen")


def cpu_that_does_not_start() -> None:
    result = boot("fault.silent=1 run=hw/user-trap,pte/torn-read,tlb/stale mode=choreo", name="silent", SMP="3")
    check(result.status == INCOMPLETE and result.says("INCOMPLETE", "CPU 1 did not start"), "a silent CPU: incomplete, named",
          result.text)
    done = result.log.done if result.log else None
    check(done and done.get("status") == "incomplete" and done.number("failed") == 0 and done.number("passed"),
          "a silent CPU: the others go on", result.text)


def cpu_that_is_late() -> None:
    """A CPU must get no role if it comes up after the deadline, but its name must be in the log."""
    result = boot("fault.late=1 run=hw/ipi,tlb/stale mode=probe,choreo", name="late", SMP="3")
    check(result.status == INCOMPLETE and result.says("INCOMPLETE", "CPU 1 did not start"), "a late CPU: incomplete, named",
          result.text)
    log = result.path.read_text() if result.path else ""
    check('ev=warning what="CPU 1 came up after' in log, "a late CPU: that it came after all", log)
    check("cpus=2 " in log and not re.search(r"ev=step .*cpu=1 ", log), "a late CPU: the lab goes on with two", log)
    died("fault.late=1 cpus=1 run=hw/user-trap", "late-none", "fault.late= did not happen")


trap()
every_trap()
broken_screen()
silent_cpu()
frozen_cpu()
absent_cpu()
no_memory()
nothing_planted()
cpu_that_does_not_start()
cpu_that_is_late()
finish()
