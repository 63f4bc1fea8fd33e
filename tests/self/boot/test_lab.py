#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The lab tested by itself, with its self-tests (selftest.py), idle roles and selection. Fails if the lab believes a
result without evidence, or runs other rows than the selected ones."""
from __future__ import annotations

import re
from fnmatch import fnmatch

from selftest import lab_is_sound, nothing_from_nothing
from tap import NOTHING_SHOWN, ROOT, boot, check, finish
from zapwalk import invariants


def idle_roles() -> None:
    """With one role idle a stress run meets nothing, so it must not call a rule held."""
    for role in ("writer", "walker"):
        result = boot(f"mode=stress seconds=1 lab.idle={role}", name=f"idle-{role}")
        points = result.log.points if result.log else []
        check(points and all(p.directive == "SKIP" for p in points), f"lab.idle={role}: no stress run is ok", result.text)
        ran = [p for p in points if not p.reason.startswith(("needs", "not observable"))]
        check(ran and all("no overlap" in p.reason for p in ran),
              f"lab.idle={role}: they say no overlap", result.text)
        check(result.status == NOTHING_SHOWN and result.says("NOTHING SHOWN", "no overlap"),
              f"lab.idle={role}: nothing was shown, and why", result.text)


def selection() -> None:
    one = boot("run=pte/torn-read", name="one")
    check(one.status == 0, "run=pte/torn-read: passes", one.text)
    check(one.log and one.log.points and all(p.name.startswith("x86/pte/torn-read ") for p in one.log.points),
          "run=pte/torn-read: runs nothing else", one.text)
    several = boot("run=pte/*,tlb/stale", name="several")
    ran = {p.name.split(" ")[0].split("/")[1] for p in several.log.points} if several.log else set()
    check(several.status == 0 and ran == {"pte", "tlb"}, "run=pte/*,tlb/stale: runs both groups", several.text)


def broken_machine() -> None:
    """If the machine breaks a promise, rows based on it must say so. An entry that comes back must be complained of,
    but the run must go on."""
    result = boot("run=hw/ad-atomic,pte/dirty-lost,pte/torn-read lab.broken=hw/ad-atomic mode=probe,choreo",
                  name="basis")
    points = result.log.points if result.log else []
    built = [p for p in points if "/pte/dirty-lost" in p.name]
    check(built and all(p.reason.startswith("builds on hw/ad-atomic") for p in built),
          "lab.broken=hw/ad-atomic: what builds on it says so", result.text)
    check(any(p.failed and "/hw/ad-atomic" in p.name for p in points) and
          all(p.ok and not p.directive for p in points if "/pte/torn-read " in p.name),
          "lab.broken=hw/ad-atomic: it fails itself, and other rows run", result.text)
    basis = (ROOT / "tests/lab/basis.c").read_text()
    rows = {name for each in invariants.sections((ROOT / invariants.DOCUMENT).read_text(encoding="utf-8")) for name in each.ids}
    named = re.findall(r'\{"([^"]+)", "(hw/[\w-]+)"\}', basis)
    check(named and all(on in rows and any(fnmatch(row, name) for row in rows) for name, on in named),
          "tests/lab/basis.c names rows that there are", named)
    for mode in ("choreo", "stress"):
        result = boot(f"run=tlb/free-early,pte/dirty-lost,tlb/stale lab.revive=1 seconds=1 mode={mode}", name=f"revive-{mode}")
        broken = [cell for cell in result.log.all("cell") if cell.get("result") == "broken"] if result.log else []
        check(broken and all("came back" in cell.get("reason") for cell in broken),
              f"lab.revive=1 mode={mode}: an entry that comes back is complained of", result.text)
        check(result.log and result.log.done and result.log.done.get("status") == "fail" and not result.log.bail_out,
              f"lab.revive=1 mode={mode}: and no frame is freed twice: the run goes on", result.text)


def deadlock_in_stress() -> None:
    result = boot("run=pte/torn-read,tlb/stale mode=stress lab.deadlock=1 seconds=1", name="deadlock")
    ran = [cell for cell in result.log.all("cell") if cell.get("result") != "not_observable"] if result.log else []
    check(len(ran) > 2 and all(cell.get("result") == "broken" and cell.get("reason").startswith("deadlock") for cell in ran),
          "lab.deadlock=1: each stress cell is broken by its deadlock, and the run goes on", result.text)
    check(result.log and result.log.done and not result.log.bail_out, "lab.deadlock=1: a last line, no screen", result.text)


def deadlock_in_a_probe() -> None:
    """A role must end if its meeting was abandoned. It must not go on waiting for an absent partner."""
    result = boot("run=hw/idle,hw/not-present-remote,hw/litmus-mp,hw/atomic-count,hw/cmpxchg8b lab.deadlock=1 deadline=3",
                  name="deadlock-probe")
    ran = result.log.all("cell") if result.log else []
    check(len(ran) == 5 and all(cell.get("result") == "broken" and cell.get("reason").startswith("deadlock") for cell in ran),
          "lab.deadlock=1: each probe whose roles meet is broken by its deadlock", result.text)
    check(result.log and result.log.done and not result.log.bail_out, "and the run goes on", result.text)


def meets_in_a_round() -> None:
    """If roles meet while a translation is warm, and go on until the other is over, stress needs no luck."""
    result = boot("run=space/mkclean,space/unmap-touch,tlb/move mode=stress seconds=6", name="together")
    cells = {f'{cell.get("scenario")} {cell.get("guard")}': cell.get("result") for cell in result.log.all("cell")
             if cell.get("result") != "not_observable"} if result.log else {}
    for name in ("space/mkclean clean_flush", "space/unmap-touch shootdown", "tlb/move move_flush"):
        check(cells.get(name) == "caught", f"stress: {name} off is caught", cells, result.text)
    for name in ("space/mkclean", "space/unmap-touch", "tlb/move"):
        check(cells.get(f"{name} none") == "held", f"stress: {name} holds", cells, result.text)


def clocks_apart() -> None:
    """CPU clocks are skewed against each other. If a cell compared two of them for its budget, it would end after one
    round. A violation ends a cell early anyway, so the rounds of such cells do not count."""
    result = boot("run=pte/torn-read,tlb/stale mode=stress fault.skew=1000 seconds=4", name="skew", SMP="3")
    rounds = [line.number("rounds") or 0 for line in result.log.all("stress")
              if line.number("violated") == 0] if result.log else []
    check(result.status == 0 and len(rounds) > 2 and min(rounds) > 1, "fault.skew=1000: no cell ends after one round",
          rounds, result.text)
    result = boot("run=pte/torn-read mode=stress seconds=0", name="few")
    check("had fewer than 10 rounds" in result.text and "pte/torn-read (1" in result.text,
          "cells of few rounds are named in the report", result.text)
    held = [p for p in result.log.points if not p.directive and "guard." not in p.name] if result.log else [None]
    check(not held, "and no rule holds by one round; one that breaks in it is caught all the same", result.text)


lab_is_sound()
deadlock_in_stress()
deadlock_in_a_probe()
nothing_from_nothing()
clocks_apart()
meets_in_a_round()
broken_machine()
idle_roles()
selection()
finish()
