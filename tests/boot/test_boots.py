#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The machine in its sizes: the whole default run passes on each, and what it cannot show it skips."""
from __future__ import annotations

from tap import Result, boot, check, finish
from zapwalk.log import Log

# Scenarios that need two CPUs, or a frame above 4 GiB.
RACES = ("pte/torn-read", "pte/read-order", "pte/aba-refault", "pte/irqs-on", "tlb/stale")
ABOVE_4G = "hw/above-4G"
SHORT = "seconds=1"  # of stress; which machine it is makes no difference to chance


def points_of(log: Log | None, scenario: str) -> list:
    return [p for p in log.points if p.name.split(" ")[0] == f"x86/{scenario}"] if log else []


def ran(log: Log | None, scenario: str) -> bool:
    return any(point.ok and not point.directive for point in points_of(log, scenario))


def skipped_with_reason(log: Log | None, scenario: str) -> bool:
    found = points_of(log, scenario)
    return bool(found) and all(p.directive == "SKIP" and len(p.reason) > 5 for p in found)


def passes(result: Result, name: str) -> None:
    check(result.status == 0 and result.says("PASS ("), f"{name}: passes", result.text)
    points = result.log.points if result.log else []
    left = [point for point in points if point.directive == "TODO" and not point.reason.startswith("known: F-")]
    check(points and not left, f"{name}: nothing is left unobserved", result.text)


def cpus(log: Log | None) -> int:
    return log.first("lab").number("cpus") or -1 if log else -1


for smp in (1, 2, 4, 8):
    result = boot(SHORT, ("--smp", str(smp)), name=f"smp{smp}")
    passes(result, f"{smp} CPUs")
    check(cpus(result.log) == smp, f"{smp} CPUs: all online", cpus(result.log))
    for scenario in RACES:
        if smp == 1:
            check(skipped_with_reason(result.log, scenario), f"1 CPU: {scenario} is skipped with the reason")
        else:
            check(ran(result.log, scenario), f"{smp} CPUs: {scenario} ran")

for mem in ("16M", "6G"):
    result = boot(SHORT, ("--mem", mem), name=f"mem{mem}")
    passes(result, mem)
    check(ran(result.log, "pte/torn-read"), f"{mem}: pte/torn-read ran")
    if mem == "6G":
        check(ran(result.log, ABOVE_4G), f"{mem}: {ABOVE_4G} ran")
    else:
        check(skipped_with_reason(result.log, ABOVE_4G), f"{mem}: {ABOVE_4G} is skipped with the reason")

for machine in ("x86-pentium3", "x86-q35"):
    passes(boot(SHORT, ("--machine", machine), name=machine), machine)

finish()
