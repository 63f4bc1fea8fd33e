#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The mips port in both byte orders. Fails if a build, a machine size, a self-test of the lab, the answer to a bad
option, or a screen is wrong."""
from __future__ import annotations

import re
import shutil

from rows import flushes_what_it_must
from selftest import lab_is_sound, nothing_from_nothing, scenarios_are_documented
from tap import IMAGE_LIMITS, INCOMPLETE, ROOT, Result, boot, call, check, finish, skip

ORDERS = ("mips", "mipsel")
SHORT = "seconds=1"  # of stress
PLACE_OF_CODE = re.compile(r"at=(\w+) ([\w./]+\.[chS]):(\d+)")
REGISTERS = "at v0 v1 a0 a1 a2 a3 t0 t1 t2 t3 t4 t5 t6 t7 s0 s1 s2 s3 s4 s5 s6 s7 t8 t9".split()  # 1 to 25, of o32
MAKE = ("make", "--no-print-directory")


def installed() -> bool:
    programs = [f"{port}-linux-gnu-gcc" for port in ORDERS] + [f"qemu-system-{port}" for port in ORDERS]
    return all(shutil.which(program) for program in programs)


def builds() -> None:
    for port in ORDERS:
        built = call([*MAKE, f"MACHINE={port}", "lab", "bench-image"], seconds=600)
        check(built.status == 0, f"{port}: both images are built", built.text)
        for kind, limit in IMAGE_LIMITS.items():
            image = ROOT / f"build/{port}/{kind}/zapwalk.elf"
            check(image.is_file() and image.stat().st_size < limit, f"{port}: the {kind} image is below {limit} bytes")
    if not shutil.which("clang"):
        skip("mips by clang", "clang is not installed: tools/setup test")
        return
    built = call([*MAKE, "CC=clang", "MACHINE=mips", "lab"], seconds=600)
    check(built.status == 0, "mips: clang builds it", built.text)
    result = boot(f"{SHORT} mode=choreo", ("--machine", "mips"), name="clang", IMAGE="build/mips-clang/lab/zapwalk.elf")
    check(result.status == 0, "mips: clang's kernel passes", result.text)


def sizes() -> None:
    for port in ORDERS:
        for smp in (1, 2, 4) if port == "mips" else (1, 4):  # lab_is_sound() has run two CPUs
            result = boot(SHORT, ("--machine", port, "--smp", str(smp)), name=f"{port}{smp}")
            log = result.log
            check(result.status == 0 and result.says("PASS ("), f"{port}, {smp} CPUs: passes", result.text)
            check(log and log.first("lab").number("cpus") == smp, f"{port}, {smp} CPUs: all online", result.text)
            if log:  # of 52 neighbours, 28 share an entry with the flushed one
                flushes_what_it_must(f"{port}, {smp} CPUs", log, most_kept=24)
            check(log and not [p for p in log.points if p.directive == "TODO" and not p.reason.startswith(("known: F-026", "known: F-042"))],
                  f"{port}, {smp} CPUs: nothing is left unobserved", result.text)
    result = boot("run=hw/user-trap", ("--machine", "mips", "--mem", "16M"), name="mem16")
    check(result.status == 0, "16M: passes", result.text)


def refused(result: Result, name: str, *parts: str) -> None:
    check(result.status not in (0, -1) and result.says(*parts), f"{name}: names {', '.join(parts)}", result.text)


def bad_options() -> None:
    for option, parts in {
        "console=com1": ("console=com1", "tty0"), "exit=isa-debug": ("exit=isa-debug", "halt|uhi"),
        "fault.trap=df": ("fault.trap=df", "bus"), "guard.nosuch=off": ("guard.nosuch", "refill_present"),
        "runn=pte": ("runn", "run="), "run=nosuch/*": ("nosuch/*",),
    }.items():
        result = boot(option, ("--machine", "mips", "--deadline", "30"), name="option")
        refused(result, option, "Bail out!", *parts)
        check(result.log and result.log.done and not result.log.points, f"{option}: a last line, and nothing ran", result.text)
    refused(boot("x" * 250, ("--machine", "mips")), "a line too long", "at most 255")
    refused(boot("", ("--machine", "mips", "--smp", "33")), "too many CPUs", "SMP=33", "1 to 32")
    refused(boot("", ("--machine", "mips", "--mem", "8M", "--deadline", "30"), name="mem8"), "MEM=8M", "not enough memory")
    long = "exit=uhi list " + "x" * 300
    refused(boot("", ("--machine", "mips", "--deadline", "30"), name="cut", QEMU_ARGS=f"-append '{long}'"),
            "a line that QEMU cuts", "the kernel got other options")


def died(options: str, name: str, *parts: str, machine: str = "mips", **settings: str) -> Result:
    result = boot(options, ("--machine", machine, "--deadline", "60"), name=name, **settings)
    check(result.status == 1 and result.log and result.log.bail_out, f"{options}: fails, Bail out!", result.text)
    check(result.log and result.log.done and result.log.done.get("status") == "fail", f"{options}: a last line", result.text)
    check(result.says(*parts), f"{options}: the screen names {', '.join(parts)}", result.text)
    return result


def places(result: Result, event: str) -> list[str]:
    lines = [line for line in result.text.splitlines() if line.startswith(f"# ev={event} ")]
    return [match.group(1) for match in map(PLACE_OF_CODE.search, lines) if match]


def screens() -> None:
    for name, function, *parts in (
            ("ud", "raise_ud", "RI reserved instruction", "epc="), ("pf", "load", "TLBL TLB load", "load of 0xe0004000"),
            ("gp", "load", "AdEL address error", "badvaddr=80000001"), ("bus", "load", "DBE bus error"), ("bp", "raise_bp", "Bp breakpoint"),
            ("irq", "raise_fault", "stray interrupt: vector 0x01 on CPU 0"), ("stack", "raise_stack", "stack overflow", "CPU 0"),
            ("canary", "raise_fault", "ev=stack cpu=0 state=overrun"), ("nested", "raise_ud", "ev=nested cpu=0")):
        for machine in ORDERS if name in ("ud", "bus") else ORDERS[:1]:
            result = died(f"fault.trap={name}", f"trap-{name}", *parts, machine=machine)
            check(function in places(result, "frame"), f"{machine} fault.trap={name}: in {function}()", result.text)
            if name == "stack":
                said = re.search(r"stack overflow: sp=(\w+), .* begins at (\w+)$", result.text, re.MULTILINE)
                check(said and int(said[2], 16) - int(said[1], 16) == 64, "fault.trap=stack: 64 bytes below it", result.text)
            if name == "ud":
                said = dict(re.findall(r"\b(\w+)=([0-9a-f]{8})\b", result.text))
                shown = [said.get(register) for register in ("zero", *REGISTERS, "hi", "lo")]
                check(shown == [f"{value:08x}" for value in (0, *range(0x7E570001, 0x7E57001A), 0x7E570005, 0x7E570006)],
                      f"{machine} fault.trap=ud: each register has its value", result.text)
    died("fault.noack=1 deadline=2", "noack", "CPU 1", "kind=shootdown-ack")
    result = died("fault.freeze=3 deadline=2", "freeze", "CPU 3", SMP="4")
    check("inject_freeze_now" in places(result, "stopped"), "fault.freeze=3: where it stands", result.text)
    named = [event.get("cpu") for event in result.log.all("stopped")] if result.log else []
    check(named == ["3"], "fault.freeze=3: and none of those that only sleep", named)
    result = died("fault.silent=1 fault.trap=ud", "absent", SMP="3")
    check(result.log and not result.log.all("stopped"),
          "fault.silent=1 fault.trap=ud: the screen says nothing of the CPU that is not there", result.text)
    died("fault.oom=5", "oom", "out of memory", "ev=oom n=5 ")
    result = boot("fault.silent=1 run=hw/user-trap,tlb/stale mode=choreo", ("--machine", "mips"), name="silent", SMP="3")
    check(result.status == INCOMPLETE and result.says("INCOMPLETE", "CPU 1 did not start"), "a silent CPU: incomplete, named",
          result.text)


if installed():
    builds()
    sizes()
    scenarios_are_documented("mipsel", "mips")
    bad_options()
    screens()
    lab_is_sound("--machine", "mipsel")
    nothing_from_nothing("--machine", "mips")
else:
    skip("the mips port", "its compilers and emulators are not installed: tools/setup test")
finish()
