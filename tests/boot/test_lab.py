#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the lab itself: its self-tests (selftest.py), idle roles, selection."""
from __future__ import annotations

from selftest import lab_is_sound
from tap import NOTHING_SHOWN, boot, check, finish


def idle_roles() -> None:
    """One side does nothing: a stress run has met nothing, and must not say that a rule held."""
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


lab_is_sound()
idle_roles()
selection()
finish()
