#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad input to make, tools/run and the kernel. Fails if the message does not name it and the valid values, if the exit
status is zero, or if the program hangs."""
from __future__ import annotations

import shutil
import sys

from tap import NOT_RUN, PLACE, Result, boot, call, check, emulator, finish, interrupted

GENEROUS = "30"  # seconds, although a bad option ends a boot at once


def refused(result: Result, name: str, *parts: str) -> None:
    check(result.status not in (0, -1), f"{name}: non-zero exit", result.text)
    check(result.says(*parts) and "Traceback" not in result.text, f"{name}: names {', '.join(parts)}", result.text)


def bad_options() -> None:
    """Bad options, refused by the kernel. The message must name the option and the valid ones, the log must have a last
    line, and nothing may have run."""
    cases = {
        "runn=pte": ("runn", "run=", "did you mean run=<group/name"),
        "seed=xyz": ("seed=xyz",),
        "cpus=0": ("cpus=0", "from 1"),
        "deadline=-1": ("deadline=-1",),
        "mode=fast": ("mode=fast", "choreo"),
        "mode=probe,fast": ("mode=probe,fast", "choreo"),
        "guard.nosuch=off": ("guard.nosuch", "present_recheck"),
        "guard.present_recheck=maybe": ("guard.present_recheck=maybe", "off"),
        "choice.zap=nosuch": ("choice.zap=nosuch", "split"),
        "choice.nosuch=split": ("choice.nosuch", "zap"),
        "fault.nosuch=1": ("fault.nosuch",),
        "fault.freeze=0": ("fault.freeze=0", "freeze=<cpu 1..31>"),
        "fault.freeze=9": ("fault.freeze=9", "there are 2 CPUs"),
        "fault.oom=0": ("fault.oom=0", "oom=<number from 1>"),
        "fault.trap=nosuch": ("fault.trap=nosuch", "ud, pf, df"),
        "lab.nosuch=1": ("lab.nosuch",),
        "lab.replay=1:walker@role_done": ("lab.replay", "run="),
        "run=pte/aba-refault lab.replay=9:walker@role_done": ("cell 9", "0..1"),
        "run=pte/aba-refault lab.replay=1:nobody@role_done": ("nobody", "walker"),
        "run=pte/aba-refault lab.replay=1:walker@nowhere": ("nowhere", "races.def"),
        "run=pte/aba-refault lab.replay=1:walker@role_done#0": ("walker@role_done#0", "1..255"),
        "run=pte/aba-refault lab.replay=": ("lab.replay", "0..1"),
        "run=nomatch/*": ("nomatch/*",),
        "run=": ("run=",),
        "run=pte/36bit,pte/tron-read": ("pte/tron-read", "did you mean run=pte/torn-read?"),
        "run=stlae": ("run=stlae", "did you mean run=tlb/stale?"),
        "guard.low_recheck=off": ("guard.low_recheck is called guard.present_recheck today",),
        "choice.flush=nosync": ("choice.flush=nosync is called choice.flush=nowait today",),
        "run=pte/nosync-flush": ("run=pte/nosync-flush is called run=pte/nowait-flush today",),
        "guard.present_rechek=off": ("guard.present_rechek", "did you mean guard.present_recheck=off?"),
        "choice.pte_read=atomic46": ("choice.pte_read=atomic46", "did you mean choice.pte_read=atomic64?"),
        "choice.pte_raed=seq": ("choice.pte_raed=seq", "did you mean choice.pte_read=seq?"),
        "known=F-999,F-001": ("known=F-999 names", "F-001"),
        "known=": ("known=",),
        "verbose=loud": ("verbose=loud",),
        "=": ("=",),
    }
    for number, (option, parts) in enumerate(cases.items()):
        result = boot(option, ("--deadline", GENEROUS), name=f"option{number}")
        refused(result, option, "Bail out!", *parts)
        log = result.log
        check(result.status == NOT_RUN and log and log.done and log.done.get("status") == "not_run" and not log.points,
              f"{option}: a last line, and nothing ran", result.text)


def bad_settings() -> None:
    """Bad settings, refused by make or tools/run before they start a program."""
    make = ["make", "--no-print-directory"]
    refused(call([*make, "run", "SPM=8"]), "SPM=8", "SPM", "Did you mean SMP?")
    refused(call([*make, "rnu"]), "make rnu", "unknown target rnu", "Did you mean run?", "check-docs")
    refused(call([*make, "replay"]), "make replay", "unknown target replay", "Valid: all")
    refused(call([*make, "run", "MACHINE=x68"]), "MACHINE=x68", "x68", "x86-pc")
    refused(call([*make, "run", "MACHINE=mps"]), "MACHINE=mps", "Did you mean mips?")
    refused(call([*make, "run", "CC=tcc"]), "CC=tcc", "tcc", "clang")
    for argument, value, hint in (("--smp", "0", "1 to"), ("--smp", "two", "1 to"), ("--mem", "lots", "6G"),
                                ("--mem", "0", "6G"), ("--deadline", "soon", "seconds")):
        refused(boot(arguments=(argument, value)), f"{argument} {value}", value, hint)
    refused(boot(arguments=("--image", "nosuch.elf")), "image missing", "nosuch.elf", "make")
    refused(boot("x" * 1100), "options too long", "at most 1023")
    refused(boot(QEMU_ARGS="'"), "QEMU_ARGS with an open quote", "QEMU_ARGS")
    refused(boot(arguments=("--mem", "8M", "--deadline", GENEROUS), name="mem8"), "MEM=8M", "16 MiB")


def bad_emulators() -> None:
    refused(boot(QEMU="/nosuch/qemu"), "QEMU missing", "/nosuch/qemu")
    refused(boot(PATH=path_with_only("env", "python3")), "no QEMU installed", "qemu-system-i386", "tools/setup")
    dying = emulator("dying", "echo TAP version 13; echo 1..3; echo 'cannot set up guest memory' >&2; exit 7\n")
    result = boot(QEMU=str(dying), name="dying")
    refused(result, "QEMU dying", "status 7", "cannot set up guest memory", "1..3")
    crashing = emulator("crashing", "kill -SEGV $$\n")
    refused(boot(QEMU=str(crashing), name="crashing"), "QEMU crashing", "signal 11")
    hanging = emulator("hanging", "echo TAP version 13; echo 1..3; sleep 1000\n")
    result = boot(QEMU=str(hanging), name="hanging", arguments=("--deadline", "2"))
    refused(result, "QEMU hanging", "killed", "2 s", "1..3")
    silent = emulator("silent", "exit 1\n")
    refused(boot(QEMU=str(silent), name="silent"), "QEMU silent", "printed nothing")
    refused(boot(QEMU_ARGS="-nosuchoption"), "QEMU_ARGS refused by QEMU", "nosuchoption")


def path_with_only(*programs: str) -> str:
    """Makes a PATH with only these programs."""
    place = PLACE / "bin"
    place.mkdir(parents=True, exist_ok=True)
    for program in programs:
        link = place / program
        link.unlink(missing_ok=True)
        link.symlink_to(sys.executable if program == "python3" else str(shutil.which(program)))
    return str(place)


bad_options()
bad_settings()
bad_emulators()
patient = emulator("patient", f'echo TAP version 13; echo $$ >"{PLACE}/pid"; exec sleep 1000\n')
interrupted(["tools/run", "--qemu", str(patient), "--log", str(PLACE / "patient.log")], "make run")
finish()
