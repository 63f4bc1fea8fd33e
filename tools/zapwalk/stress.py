# SPDX-License-Identifier: MIT
"""Histograms of the outcomes of free-running CPUs, and of how often the dangerous windows met."""
from __future__ import annotations

import re
import textwrap

from zapwalk.log import Event, Log
from zapwalk.style import paint, table


def outcome(line: Event) -> str:
    mark = "!" if line.get("forbidden") == "yes" else ""
    return f"{line.get('outcome')}{mark} {line.get('count')} ({line.get('class')})"


def stress(log: Log) -> list[str]:
    """Returns one line for each point with a histogram. A forbidden outcome is marked with !"""
    overlaps = {line.get("n"): f"{line.get('overlaps')} of {line.get('rounds')} rounds overlapped"
                for line in log.all("stress")}
    outcomes: dict[str, list[str]] = {}
    for line in log.all("histogram"):
        outcomes.setdefault(line.get("n"), []).append(outcome(line))
    names = {str(point.number): point.name for point in log.points}
    rows = [[names.get(n, f"point {n}"), overlaps.get(n, ""), ", ".join(seen)] for n, seen in outcomes.items()]
    return [paint("Histograms of free-running CPUs", "bold") + f" ({log.name}; ! is forbidden)", "", *table(rows)] if rows else []


ROUNDS_FLOOR = 10


def few(log: Log) -> list[str]:
    """Lists stress cells with few rounds in their time, because their results weigh little. A cell that broke its rule, or had
    all overlaps asked for, needed no more rounds."""
    enough = next((int(option[len("iters="):]) for option in log.options if re.fullmatch(r"iters=\d+", option)), 1000)
    thin = [line for line in log.all("stress")
            if (line.number("rounds") or 0) < ROUNDS_FLOOR and not line.number("violated")
            and (line.number("overlaps") or 0) < enough]
    if not thin:
        return []
    rounds: dict[str, list[int]] = {}
    for line in thin:
        rounds.setdefault(line.get("scenario") or "?", []).append(line.number("rounds") or 0)
    shown = [f"{name} ({', '.join(map(str, sorted(counts)))})" for name, counts in sorted(rounds.items())]
    text = (f"{len(thin)} stress cell{'s' * (len(thin) != 1)} had fewer than {ROUNDS_FLOOR} rounds ({log.name}; "
            f"seconds= gives more): {'; '.join(shown)}")
    return textwrap.wrap(text, 110, subsequent_indent="  ", break_on_hyphens=False)


def unmet(log: Log) -> list[str]:
    """Lists the machine's promises left untested, because its CPUs hardly ever worked at the same time. They are no passes."""
    names = [line.get("scenario") or "?" for line in log.all("cell")
             if (line.get("scenario") or "").startswith("hw/") and (line.get("reason") or "").startswith("hardly any overlap")]
    if not names:
        return []
    text = (f"{len(names)} promise{'s' * (len(names) != 1)} of the machine not tested ({log.name}; its CPUs hardly ever worked "
            f"at the same time): {', '.join(names)}")
    return textwrap.wrap(text, 110, subsequent_indent="  ", break_on_hyphens=False)


def wanted(log: Log) -> bool:
    """True if nothing but stress was asked for. Beside choreography the histograms would bury the matrix."""
    return bool(log.points) and all(" stress" in point.name for point in log.points)
