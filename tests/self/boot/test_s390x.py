#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The s390x port on QEMU and on Hercules. Fails if one of its sizes, consoles, broken variants, screens or options does
not behave as documented."""
from __future__ import annotations

import re
import shutil

from selftest import cells, kills, lab_is_sound, nothing_from_nothing, scenarios_are_documented
from tap import CANNOT_START, INCOMPLETE, NOT_RUN, Result, boot, call, check, finish, skip
from zapwalk.log import Event, Log

MAKE = ["make", "--no-print-directory"]
MACHINE = ("--machine", "s390x")
QUICK = "run=hw/user-trap,walk/folded,tlb/stale,gup/recheck,walk/table-free-nowait seconds=1"
CAUGHT = {"invalidate_at_clear", "attach_wait", "offset_lockless", "read_once", "table_sync", "gup_permitted", "root_resync",
          "ref_recheck", "try_get_nonzero", "mkinvalid_checks_present"}
LOW_PROTECTION = 0x10000000  # of control register 0
PLACE_OF_CODE = re.compile(r"at=(\w+) ([\w./]+\.[chS]):(\d+)")


def s390x(options: str, name: str, *arguments: str) -> Result:
    return boot(options, (*MACHINE, *arguments), name=name)


def first(result: Result, event: str) -> Event:
    return result.log.first(event) if result.log else Event(event, {}, "")


def build() -> bool:
    missing = [name for name in ("s390x-linux-gnu-gcc", "qemu-system-s390x") if not shutil.which(name)]
    if missing:
        skip("the s390x port", f"no {missing[0]}: tools/setup test")
        return False
    built = call([*MAKE, "MACHINE=s390x", "lab", "bench-image"], seconds=600)
    return check(built.status == 0, "make MACHINE=s390x builds both images", built.text)


def clang() -> None:
    if not shutil.which("clang"):
        skip("make MACHINE=s390x CC=clang", "clang is not installed: tools/setup test")
        return
    built = call([*MAKE, "MACHINE=s390x", "CC=clang", "lab"], seconds=600)
    check(built.status == 0, "make MACHINE=s390x CC=clang builds the lab", built.text)
    result = boot(f"{QUICK} mode=choreo", MACHINE, name="clang", IMAGE="build/s390x-clang/lab/zapwalk.elf")
    check(result.status == 0, "clang's kernel passes", result.text)


def sizes() -> None:
    for smp, mem in ((1, "64M"), (4, "256M"), (2, "2G")):
        name = f"SMP={smp} MEM={mem}"
        result = s390x(QUICK, f"size-{smp}-{mem}", "--smp", str(smp), "--mem", mem)
        check(result.status == 0 and result.says("PASS ("), f"{name}: passes", result.text)
        check(first(result, "lab").number("cpus") == smp, f"{name}: all CPUs are online", first(result, "lab").line)
        asked = int(mem[:-1]) * (1024 if mem[-1] == "G" else 1)
        check(first(result, "boot").number("mem_mib") == asked, f"{name}: all storage is seen", first(result, "boot").line)
    result = s390x(QUICK, "size-none", "--mem", "8M")
    check(result.status == CANNOT_START and result.says("not enough memory"), "8M: too little, and said so", result.text)


def consoles() -> None:
    result = boot(QUICK, ("--machine", "s390x-line"), name="line")
    check(result.status == 0 and result.says("PASS ("), "s390x-line: passes, the log is whole", result.text)
    result = s390x("console=line run=hw/user-trap", "no-line")
    check(result.status == NOT_RUN and result.says("bad value in option 'console=line'", "sclp|ascii|line|none"),
          "console=line where there is none: refused", result.text)


def whole() -> None:
    default = lab_is_sound(*MACHINE)
    caught = {cell.get("guard") for cell in kills(default.log)}
    check(CAUGHT <= caught, "every guard that this machine can show is caught", CAUGHT - caught)
    if default.log and any(option.startswith("known=") for option in default.log.options):
        # F-031 and F-032 show only if two CPUs run on the host at the same moment.
        shown = {point.reason for point in default.log.points if point.directive == "TODO"}
        check("known: F-033" in shown, "QEMU's deviation that needs no race shows", default.text)


def four() -> None:
    """Four CPUs must pass free-running races with counted overlaps, and the machine must keep its promises."""
    result = s390x("run=walk/*,tlb/* mode=stress seconds=5", "stress", "--smp", "4")
    counted = [cell for cell in cells(result.log, "held") + cells(result.log, "skipped")
               if "overlap" in cell.get("evidence") + cell.get("reason")]
    check(result.status == 0 and counted, "SMP=4, stress: passes, overlaps are counted", result.text)
    result = s390x("run=hw/* mode=probe", "probes", "--smp", "4")
    ring = [cell for cell in cells(result.log, "held") if cell.get("scenario") == "hw/emergency-signal-ring"]
    check(result.status == 0 and ring, "SMP=4: the machine keeps its promises", result.text)


def bench() -> None:
    result = call([*MAKE, "bench", "MACHINE=s390x", "SMP=3"], seconds=300)
    check(result.status == 0 and result.says("gup_fast", "floor_broadcast", "zap of 1 to broadcast", "anonymous_fault", "cow_copy", "fork", "PASS ("),
          "make bench MACHINE=s390x prints its tables", result.text)


def folded() -> None:
    """The witness of issue 6. It must show the wrong address of the walk, an entry on the stack, and the returned
    frame, mapped 2 GiB below."""
    result = s390x("run=walk/folded guard.offset_lockless=off", "folded")
    found = re.search(r"at 0x80000000 the walk read an entry at 0x\w+, on the stack, and returned frame 0x\w+, mapped "
                      r"0x80000000 below", result.text)
    check(result.status == 1 and found, "walk/folded guard.offset_lockless=off: the page 2 GiB below", result.text)


def screens() -> None:
    controls: dict[str, list[int]] = {}
    for name, function, *parts in (
            ("ud", "raise_ud", "program check: operation"), ("pf", "load", "region-third translation", "load of the page at 0x20000000000, primary space"),
            ("asce", "load", "ASCE type", "load of the page at 0xfffff80000000000,"), ("null", "raise_null", "protection", "store of the page at 0,"),
            ("de", "raise_de", "fixed-point divide"), ("svc", "raise_svc", "supervisor call"),
            ("mc", "raise_mc", "machine check code="), ("restart", "sigp", "restart"),
            ("irq", "raise_fault", "stray interrupt: vector 0x1202 on CPU 0"), ("stack", "overflow", "stack overflow", "CPU 0"),
            ("canary", "raise_fault", "ev=stack cpu=0 state=overrun"), ("nested", "raise_ud", "ev=nested cpu=0")):
        result = s390x(f"fault.trap={name}", f"trap-{name}")
        lines = [line for line in result.text.splitlines() if line.startswith("# ev=frame ")]
        names = [match.group(1) for match in map(PLACE_OF_CODE.search, lines) if match]
        check(result.status == 1 and result.log and result.log.bail_out and result.says(*parts),
              f"fault.trap={name}: a screen that names {', '.join(parts)}", result.text)
        check(function in names, f"fault.trap={name}: in {function}()", result.text)
        if name in ("ud", "mc"):
            controls[name] = [int(value, 16) for value in re.findall(r"\bcr\d+=([0-9a-f]{16})\b", result.text)]
        if name == "mc":
            check(controls["mc"] == [controls["ud"][0] & ~LOW_PROTECTION, *controls["ud"][1:]],
                  "fault.trap=mc: low-address protection is off, nothing else", controls)
        if name == "ud":
            said = dict(re.findall(r"\br(\d+)=([0-9a-f]{16})\b", result.text))
            check(all(said.get(str(n)) == f"{0x7e570000 + n:016x}" for n in range(11)) and len(said) == 16,
                  "fault.trap=ud: each register has its value", result.text)
            control = {n: int(value, 16) for n, value in re.findall(r"\bcr(\d+)=([0-9a-f]{16})\b", result.text)}
            check(len(control) == 4 and control["0"] & 0x4000000 and control["7"] == control["13"] not in (0, control["1"]),
                  "fault.trap=ud: the control registers: space control on, one user space, not the kernel's", control)
    result = s390x("fault.freeze=1 deadline=2", "freeze", "--smp", "4")
    stopped = [line for line in result.text.splitlines() if line.startswith("# ev=stopped cpu=1")]
    check(result.status == 1 and "inject_freeze_now" in " ".join(stopped), "fault.freeze=1: where it stands", result.text)
    named = [event.get("cpu") for event in result.log.all("stopped")] if result.log else []
    check(named == ["1"], "fault.freeze=1: and none of those that only sleep", named)
    result = s390x("fault.silent=1 fault.trap=ud", "absent", "--smp", "3")
    check(result.log and result.log.bail_out and not result.log.all("stopped"),
          "fault.silent=1 fault.trap=ud: the screen says nothing of the CPU that is not there", result.text)
    result = s390x("fault.silent=1 run=hw/user-trap", "silent", "--smp", "3")
    check(result.status == INCOMPLETE and result.says("INCOMPLETE", "CPU 1 did not start"), "a CPU that does not start: named",
          result.text)


def bad_options() -> None:
    for options, *parts in (("nosuch", "unknown option 'nosuch'"), ("exit=isa-debug", "valid is exit=halt"),
                          ("run=nosuch/*", "matches no scenario")):
        result = s390x(options, "bad")
        check(result.status == NOT_RUN and result.says("NOT RUN", *parts), f"{options}: refused", result.text)
    result = s390x("run=" + ",".join(["hw/user-trap"] * 66), "longest")
    check(result.status == 0, "860 characters of options arrive whole", result.text)
    result = s390x("run=" + ",".join(["hw/user-trap"] * 70), "too-long")
    check(result.status == NOT_RUN and result.says("s390x passes at most 895"), "longer ones: refused by the runner",
          result.text)


def hercules() -> None:
    """Hercules, the second engine, must catch by script every guard it can show, keep the machine's promises, and run
    no stress."""
    if not shutil.which("hercules"):
        skip("MACHINE=s390x-hercules", "hercules is not installed: tools/setup test")
        return
    arguments = ("--machine", "s390x-hercules")
    result = boot("", arguments, name="s390x-hercules")
    log = result.log or Log("none")
    check(result.status == 0 and result.says("PASS ("), "s390x-hercules: passes", result.text)
    caught = {cell.get("guard") for cell in kills(log)}
    check(CAUGHT <= caught, "s390x-hercules: every guard that the architecture can show is caught", CAUGHT - caught)
    kept = [cell for cell in log.all("cell") if cell.get("scenario") == "hw/broadcast"]
    check([cell for cell in kept if cell.get("result") == "held" and "another CPU used the old entry" in cell.get("evidence")],
          "s390x-hercules: a CPU keeps a translation until it is told to drop it", kept)
    check(not [cell for cell in log.all("cell") if cell.get("mode") == "stress"] and "s390x-hercules stress" in result.text,
          "s390x-hercules: stress is not run, and the matrix says so", result.text)
    result = boot("run=walk/folded mode=probe guard.offset_lockless=off", arguments, name="hercules-folded")
    check(result.status == 1 and result.says("on the stack"), "s390x-hercules: the folding bug fails there too",
          result.text)
    result = boot("fault.trap=ud", arguments, name="hercules-trap")
    check(result.status == 1 and result.log and result.log.bail_out and result.says("program check: operation"),
          "s390x-hercules: a screen, every character of it", result.text)


if build():
    sizes()
    hercules()
    consoles()
    scenarios_are_documented("s390x", "s390x")
    whole()
    four()
    bench()
    folded()
    nothing_from_nothing(*MACHINE)
    screens()
    bad_options()
    clang()
finish()
