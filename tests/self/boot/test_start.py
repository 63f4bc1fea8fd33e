#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The code between the boot loader and the kernel proper. Fails if the clock is measured by the wrong timer, if an
unusable CPU stops without a message, or if a control register is left wrong."""
from __future__ import annotations

import shutil
import struct
import subprocess
import time

from tap import PLACE, ROOT, Result, boot, call, check, finish, skip
from zapwalk.gdb import TARGETS
from zapwalk.log import Event
from zapwalk.machines import Settings, command
from zapwalk.monitor import Machine
from zapwalk.watch import Watched

IMAGE = "build/x86/lab/zapwalk.elf"
QUICK = "run=hw/user-trap"
# Sends reads of port 0x61 to this device, so that channel 2 of the PIT has no gate.
NO_PIT = "-chardev null,id=none -device isa-debugcon,iobase=0x61,chardev=none"


def clock_of(result: Result) -> Event:
    return result.log.first("clock") if result.log else Event("clock", {}, "")


def clock(machine: str, source: str, by: str, name: str, **settings: str) -> int:
    """Boots once and returns the measured rate in kHz, or 0."""
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


def old_cpu() -> None:
    """If the CPU lacks a feature, the kernel must say so on COM1 and, if there is one, on the text screen."""
    PLACE.mkdir(parents=True, exist_ok=True)
    argv = command(Settings(options=QUICK), IMAGE).argv
    without_exit = [part.replace("exit=isa-debug ", "") for part in argv]
    for cpu in ("486", "pentium", "max,-cmov"):
        with Machine([*without_exit, "-cpu", cpu, "-vga", "std"], PLACE / f"old-{cpu}.log") as machine:
            machine.wait_for("# ev=done status=cannot_start", 30)
            said = machine.serial().splitlines()
            screen = [row.rstrip() for row in machine.text()]
            colours = {row[at] for row in machine.cells()[1:] for at in range(1, len(row), 2)}
        check(said[:2] == ["#", "TAP version 13"] and "lacks PAE or CMOV" in said[2], f"-cpu {cpu}: the serial port has the mark "
              "of a CPU that began, and what it lacks", *said)
        check(screen[0].startswith("#") and screen[1:4] == said[1:4] and not any(screen[4:]),
              f"-cpu {cpu}: so has the screen, and nothing else below its first row", *screen)
        check(colours == {0x4F}, f"-cpu {cpu}: white on red", colours)


LOADER = 0x90000  # no program uses this memory before the kernel's first instruction
# mov edi,eax / mov ecx,0xc0000080 / rdmsr / or eax,0x100 / wrmsr / mov eax,edi / mov ecx,<entry> / jmp ecx
SET_LME = bytes.fromhex("89c7 b9800000c0 0f32 0d00010000 0f30 89f8 b9") + b"%b" + bytes.fromhex("ffe1")


def address_of(symbol: str) -> int:
    listed = call(["i686-linux-gnu-nm", IMAGE.replace(".elf", ".debug.elf")]).text
    return next(int(line.split()[0], 16) for line in listed.splitlines() if line.split()[-1] == symbol)


def in_gdb(gdb: str, qemu: str, commands: list[str]) -> str:
    """Starts a machine that waits at its first instruction and gives these commands to gdb. Returns gdb's output."""
    what = command(Settings(options=QUICK, qemu=qemu), IMAGE)
    socket = (PLACE / "gdb").relative_to(ROOT)
    (ROOT / socket).unlink(missing_ok=True)
    emulator = Watched([*what.argv, "-S", "-gdb", f"unix:{socket},server=on"], cwd=ROOT, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not (ROOT / socket).exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        every = ["set architecture i386:x86-64", f"target remote {socket}", *commands]
        return call([gdb, "-q", "-batch", *(part for line in every for part in ("-ex", line))], seconds=60).text
    finally:
        emulator.end()


def control_registers() -> None:
    """CR4.PSE must be set for the boot tables and stay set. EFER.LME must be clear, whatever the loader left."""
    gdb = next((path for path in map(shutil.which, TARGETS["x86"].debuggers) if path), None)
    qemu = shutil.which("qemu-system-x86_64")
    if not gdb or not qemu:
        skip("control registers", "gdb or qemu-system-x86_64 is not installed: tools/setup test")
        return
    entry = struct.unpack_from("<I", (ROOT / IMAGE).read_bytes(), 24)[0]  # e_entry of the ELF header
    code = PLACE / "set-lme"
    code.write_bytes(SET_LME % struct.pack("<I", entry))
    show = [line for symbol in ("x86_start", "kernel_main") for line in (
        f"hbreak *{address_of(symbol):#x}", "continue", f'printf "{symbol} cr4=%lx efer=%lx\\n", (long)$cr4, (long)$efer')]
    to_entry = [f"hbreak *{entry:#x}", "continue", "delete"]
    left = [*to_entry, f"restore {code.relative_to(ROOT)} binary {LOADER:#x}", f"set $pc = {LOADER:#x}", "stepi 5",
            'printf "loader efer=%lx\\n", (long)$efer']
    for name, before in (("a sound loader", to_entry), ("a loader that left EFER.LME", left)):
        said = in_gdb(gdb, qemu, [*before, *show])
        check("x86_start cr4=30 efer=0" in said, f"{name}: the kernel is reached, by CR4.PAE and PSE", said)
        check("kernel_main cr4=70 efer=800" in said, f"{name}: CR4.PSE stays, MCE and EFER.NXE are set", said)
        check(("loader efer=100" in said) == (before is left), f"{name}: that is how it began", said)


clocks()
old_cpu()
control_registers()
finish()
