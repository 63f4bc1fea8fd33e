# SPDX-License-Identifier: MIT
"""Histograms: what free-running CPUs came to, and how often the dangerous windows met."""
from __future__ import annotations

from zapwalk.log import Event, Log
from zapwalk.style import paint, table


def outcome(line: Event) -> str:
    mark = "!" if line.get("forbidden") == "yes" else ""
    return f"{line.get('outcome')}{mark} {line.get('count')} ({line.get('class')})"


def stress(log: Log) -> list[str]:
    """One line for each point that printed a histogram; a forbidden outcome is marked with !"""
    overlaps = {line.get("n"): f"{line.get('overlaps')} of {line.get('rounds')} rounds overlapped"
                for line in log.all("stress")}
    outcomes: dict[str, list[str]] = {}
    for line in log.all("histogram"):
        outcomes.setdefault(line.get("n"), []).append(outcome(line))
    names = {str(point.number): point.name for point in log.points}
    rows = [[names.get(n, f"point {n}"), overlaps.get(n, ""), ", ".join(seen)] for n, seen in outcomes.items()]
    title = paint("Histograms of free-running CPUs", "bold") + f" ({log.name}; ! is forbidden)"
    return [title, "", *table(rows)] if rows else []


def wanted(log: Log) -> bool:
    """Where it is what was asked for; beside choreography it would bury the matrix."""
    return bool(log.points) and all(" stress" in point.name for point in log.points)
