# SPDX-License-Identifier: MIT
"""The table of `# ev=bench` lines."""
from __future__ import annotations

from zapwalk.log import Event, Log
from zapwalk.style import paint, table

HEADS = ["what", "pages", "other CPUs", "median", "min", "unit", "ratio", "to its floor", "for comparison"]


def row(event: Event) -> list[str]:
    ratio = event.get("ratio")
    known = ratio not in ("", "-")
    unit = event.get("unit", "ns") + (f" a {event.get('per')}" if event.get("per") else "")
    return [event.get("name"), event.get("pages", "-"), event.get("cpus", "-"), event.get("median"), event.get("min"),
            unit, f"{ratio}x" if known else "-", event.get("floor") if known else "-", event.get("context")]


def bench(log: Log) -> list[str]:
    rows = [row(event) for event in log.all("bench")]
    if not rows:
        return ["Bench: the log has no measurements."]
    return [paint("Bench", "bold") + ": ratios to the floor of the same boot", ""] + table([HEADS] + rows)
