# SPDX-License-Identifier: MIT
"""The table of `# ev=bench` lines."""
from __future__ import annotations

from zapwalk.log import Log
from zapwalk.style import paint, table


def bench(log: Log) -> list[str]:
    rows = [["what", "median", "min", "unit", "ratio", "floor"]]
    for event in log.all("bench"):
        unit = event.get("unit", "ns") + (f" per {event.get('per')}" if event.get("per") else "")
        ratio = f"{event.get('ratio')}x" if event.get("ratio") not in ("", "-") else "-"
        floor = event.get("floor") or "-"
        rows.append([event.get("name"), event.get("median"), event.get("min"), unit, ratio, floor])
    if len(rows) == 1:
        return ["Bench: the log has no measurements."]
    return [paint("Bench", "bold") + ": ratios to the floor of the same boot", ""] + table(rows)
