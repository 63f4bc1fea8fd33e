#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ACCEL= selects how QEMU runs the CPUs. Fails if the log names the wrong accelerator, if QEMU gets two of them, or if
the lab fails on a machine whose CPUs share one host thread."""
from __future__ import annotations

import shlex
import shutil

from tap import CANNOT_START, NOTHING_SHOWN, Result, boot, call, check, finish, skip
from zapwalk.machines import Problem, Settings, command

QUICK = "run=tlb/stale,pte/torn-read mode=choreo"


def ran_on(result: Result) -> str:
    return result.log.first("engine").get("accel") if result.log else ""


def chosen() -> None:
    """The opening line and the log must name the accelerator in use, whether ACCEL=, QEMU_ARGS or we selected it."""
    for name, accel, arguments, expected in (
            ("ours", "", "", "tcg,thread=multi"), ("single", "tcg,thread=single", "", "tcg,thread=single"),
            ("arguments", "", "-accel tcg,thread=single", "tcg,thread=single"),
            ("machine", "", "-machine pc,accel=tcg -icount 3", "tcg,thread=single"),
            ("icount", "tcg", "-icount 3", "tcg,thread=single")):
        result = boot(QUICK, name=f"accel-{name}", ACCEL=accel, QEMU_ARGS=arguments)
        what = f"ACCEL={accel} QEMU_ARGS={arguments}"
        check(result.status == 0, f"{what}: passes", result.text)
        check(ran_on(result) == expected, f"{what}: the log says {expected}", ran_on(result))
        check(f"x86-pc (qemu-system-i386, {expected})" in result.text, f"{what}: the opening line too", result.text)


def none_of_ours() -> None:
    """If QEMU_ARGS selects an accelerator, we must add none of our own. QEMU would silently take the first."""
    for arguments, ours in (("", 1), ("-cpu max", 1), ("-accel kvm", 0), ("--accel kvm", 0), ("-enable-kvm", 0),
                            ("-M q35,accel=kvm", 0), ("-machine accel=kvm", 0), ("-M q35", 1)):
        argv = command(Settings(qemu_args=arguments), "image").argv
        before = argv[1:len(argv) - len(shlex.split(arguments))]
        check(before.count("-accel") == ours, f"QEMU_ARGS={arguments}: {ours} accelerators of ours", shlex.join(argv))


def refused(settings: Settings, *parts: str) -> None:
    try:
        said = str(command(settings, "image").argv)
    except Problem as problem:
        said = str(problem)
    check(all(part in said for part in parts), f"ACCEL={settings.accel} on {settings.machine} is refused", said)


def bad_ones() -> None:
    refused(Settings(accel="tcg thread"), "bad ACCEL=tcg thread", "thread=single")
    refused(Settings(accel="kvm", qemu_args="-machine accel=tcg"), "ACCEL=kvm", "QEMU_ARGS")
    refused(Settings(machine="s390x-hercules", accel="kvm"), "ACCEL=kvm", "no accelerator")
    result = boot(QUICK, name="accel-none", ACCEL="nosuch")
    check(result.status == CANNOT_START and result.says("CANNOT START", "nosuch") and ran_on(result) == "", "ACCEL=nosuch: QEMU refuses it",
          result.text)


def in_turns() -> None:
    """All CPUs run in turns on one host thread. If a spin kept the thread from the others, these runs would take
    minutes or end in "was not released". The spins of mipsel are those of mips. The other ports have their own pause of
    a spin, and the waits of two groups are enough for it."""
    for machine, rows in (("x86-pc", ""), ("s390x", "run=tlb/*,walk/* "), ("mips", "run=tlb/*,walk/* ")):
        compiler = f"{machine}-linux-gnu-gcc"
        if machine != "x86-pc" and not (shutil.which(compiler) and shutil.which(f"qemu-system-{machine}")):
            skip(f"{machine} by one thread", "its compiler and emulator are not installed: tools/setup test")
            continue
        if call(["make", "--no-print-directory", f"MACHINE={machine}", "lab"], seconds=600).status:
            check(False, f"{machine}: is built")
            continue
        result = boot(f"{rows}mode=probe,choreo", ("--machine", machine), name=f"turns-{machine}", ACCEL="tcg,thread=single")
        check(result.status == 0, f"{machine}: passes with one thread for all CPUs", result.text)


def looks_for_long() -> None:
    """hw/ad-atomic looks 5 s for a moment at which two CPUs run, and on one thread there is none. The watchdog must not
    mistake this wait for a silent CPU."""
    result = boot("run=hw/ad-atomic deadline=2", name="looks", ACCEL="tcg,thread=single")
    check(result.status == NOTHING_SHOWN and result.says("hardly any overlap"), "a look that is longer than deadline= ends no run",
          result.text)


chosen()
in_turns()
looks_for_long()
none_of_ours()
bad_ones()
finish()
