#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the machine dies: one readable screen, names and places, a last line, a non-zero exit status."""
from __future__ import annotations

import re

from tap import Result, boot, call, check, finish

PLACE_OF_CODE = re.compile(r"at=(\w+) ([\w./]+\.[chS]):(\d+)")


def died(words: str, name: str, *parts: str) -> Result:
    result = boot(words, ("--deadline", "60"), name=name)
    check(result.status == 1, f"{words}: fails", result.text)
    check(result.log and result.log.bail_out, f"{words}: Bail out!", result.text)
    check(result.log and result.log.done and result.log.done.get("status") == "fail", f"{words}: a last line",
          result.text)
    check(result.says(*parts), f"{words}: the screen names {', '.join(parts)}", result.text)
    return result


def trap() -> None:
    result = died("fault.trap=ud", "trap")
    places = PLACE_OF_CODE.findall(result.text)
    check(places, "fault.trap=ud: function and file:line", result.text)
    saved = call(["tools/symbolize", str(result.path)])
    check(saved.status == 0 and PLACE_OF_CODE.findall(saved.text) == places,
          "tools/symbolize says the same for the saved log", saved.text)


def silent_cpu() -> None:
    result = died("fault.noack=1 deadline=2", "noack", "CPU 1")
    waits = [e for e in result.log.all("wait") if e.get("kind") == "shootdown-ack"] if result.log else []
    check(waits and all(e.get("at") for e in waits), "fault.noack=1: what the other CPU waited for, and where",
          result.text)


trap()
silent_cpu()
finish()
