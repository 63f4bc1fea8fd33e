# SPDX-License-Identifier: MIT
"""How a run ends: one table for the kernel (kernel/finish.h), tools/run, tools/report and tools/explorer; docs/commands.md has
it for people. make turns every status but 0 into 2."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable


@dataclass(frozen=True)
class End:
    """status: the exit status, and the number by which a kernel ends a machine that has one."""

    name: str
    text: str
    status: int
    colour: str


# The worst first: of several logs the first of these is the end of all.
TABLE = (
    End("fail", "FAIL", 1, "red"),
    End("died", "DIED", 6, "red"),
    End("cannot_start", "CANNOT START", 7, "yellow"),
    End("not_run", "NOT RUN", 5, "yellow"),
    End("incomplete", "INCOMPLETE", 3, "yellow"),
    End("nothing_shown", "NOTHING SHOWN", 4, "yellow"),
    End("pass", "PASS", 0, "green"),
)
ENDS = {end.name: end for end in TABLE}
BAD, SKIP = 1, 125  # what `git bisect run` takes for a bad build, and for one that says nothing
BY_SIGNAL = 128     # and the signal's number: interrupted, as a shell has it


def worst(names: Iterable[str]) -> End:
    """Of no end at all it is CANNOT START."""
    found = set(names)
    return next((end for end in TABLE if end.name in found), ENDS["cannot_start"])


def for_bisect(status: int) -> int:
    """Only a pass is a good build, and only a failure a bad one. An interruption stays one: it ends the bisection."""
    return status if status in (ENDS["pass"].status, ENDS["fail"].status) else max(status, SKIP)
