#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ACCEL=kvm on a host without KVM, or with a KVM unable to run 32-bit paging. Fails if tools/run does not soon end with
one clear line and CANNOT START."""
from __future__ import annotations

import os
import time

from tap import CANNOT_START, DIED, boot, call, check, emulator, finish, skip

QUICK = "run=hw/above-4G"
SOON = 20.0  # seconds
KVM = "KVM cannot run this machine here"
HEADER = "echo TAP version 13; echo 1..3"


def refused(name: str, *parts: str, options: tuple[str, ...] = (), **settings: str) -> None:
    started = time.monotonic()
    result = boot(QUICK, ("--accel", "kvm", *options), name=name, **settings)
    took = time.monotonic() - started
    check(result.status == CANNOT_START and result.says("CANNOT START", KVM, "ACCEL=tcg", *parts),
          f"{name}: cannot start, {', '.join(parts)}", result.text)
    check(result.text.count(KVM) == 1 and took < SOON, f"{name}: said once, and soon", took, result.text)
    saved = call(["tools/report", str(result.path)])
    check(saved.status == CANNOT_START and saved.says(KVM), f"{name}: tools/report says so too", saved.text)


def stand_ins() -> None:
    """Emulators that behave as QEMU does on such hosts. Each must end in CANNOT START with its own reason. A later
    death, or one without KVM, must stay DIED."""
    refused("no-kvm", "Could not access KVM kernel module",
            QEMU=str(emulator("no-kvm", "echo 'qemu: Could not access KVM kernel module: No such file' >&2; exit 1\n")))
    refused("aborts", "signal 6", "failed to set MSR",
            QEMU=str(emulator("aborts", "echo 'warning: old' >&2; echo 'failed to set MSR' >&2; kill -ABRT $$\n")))
    refused("resets", "ended with status 0", QEMU=str(emulator("resets", "echo '#'; exit 0\n")))
    refused("stands-still", "did not begin within",
            QEMU=str(emulator("stands-still", "echo 'KVM internal error' >&2; sleep 1000\n")))
    late = boot(QUICK, ("--accel", "kvm"), name="late", QEMU=str(emulator("late", f"{HEADER}; exit 3\n")))
    check(late.status == DIED, "a machine that dies later under KVM died", late.text)
    other = boot(QUICK, name="other", QEMU=str(emulator("other", "echo '#'; exit 0\n")))
    check(other.status == DIED, "one that resets without KVM died", other.text)


def here() -> None:
    """Tries this host's KVM and skips if it can run the machine."""
    if not os.path.exists("/dev/kvm"):
        refused("this-host", "KVM")
        return
    result = boot(QUICK, ("--accel", "kvm"), name="this-host")
    if result.status == 0:
        skip("this host's KVM", "it runs the machine")
        return
    refused("this-host", "qemu-system-i386")
    refused("another-cpu", "qemu-system-i386", options=("--qemu-args", "-cpu qemu32,+pae"))


stand_ins()
here()
finish()
