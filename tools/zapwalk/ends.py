# SPDX-License-Identifier: MIT
"""The ends of a run, in one table for the kernel (kernel/finish.h), tools/run, tools/report and tools/explorer. docs/commands.md
has it for people. make turns every status but 0 into 2."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable


@dataclass(frozen=True)
class End:
    """One end. `status` is the exit status. A kernel also ends its machine by this number if the machine takes one."""

    name: str
    text: str
    status: int
    colour: str


# The worst comes first, because the first of these among several logs is the end of all.
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
BAD, SKIP = 1, 125  # `git bisect run` takes them for a bad build and for a build without an answer
BY_SIGNAL = 128     # plus the signal's number if interrupted, as in a shell


def worst(names: Iterable[str]) -> End:
    """Returns the worst of these ends, or CANNOT START if there is none."""
    found = set(names)
    return next((end for end in TABLE if end.name in found), ENDS["cannot_start"])


def for_bisect(status: int) -> int:
    """Only a pass is a good build, and only a failure a bad one. An interruption stays one, because it ends the bisection."""
    return status if status in (ENDS["pass"].status, ENDS["fail"].status) else max(status, SKIP)
