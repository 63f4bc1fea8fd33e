# SPDX-License-Identifier: MIT
"""The tables of `# ev=bench` lines. One has everything with at most one other CPU, and one the cost of more CPUs."""
from __future__ import annotations

from dataclasses import dataclass

from zapwalk.log import Event, Log
from zapwalk.style import paint, table

HEADS = ["what", "pages", "other CPUs", "median", "min", "unit", "ratio", "to its floor", "for comparison"]
SCALING_HEADS = ["CPUs", "the others", "IPIs", "shootdown", "zap of 1 page", "zap of 32", "zap of 1 to IPIs"]
SPREAD = 2  # the host was busy with something else if a median is this many times its minimum
LEGEND = (f"noise: a median more than {SPREAD} times its minimum, its own or its floor's; a row faster than its floor;",
          "spinning CPUs that answer later than sleeping ones. The host was busy, or has fewer CPUs than the machine.")


def real(text: str) -> float:
    """Returns 0.0 for a text without a number."""
    try:
        return float(text)
    except ValueError:
        return 0.0


@dataclass
class Row:
    """One line, and its floors. floor= names them as a sum, "a+b". Each is the last line before it with that name."""

    event: Event
    floors: list[Event]
    is_late: bool = False  # with spinning CPUs, and yet slower than the same with sleeping ones

    def __post_init__(self) -> None:
        self.pages, self.cpus = (self.event.number(key) or 0 for key in ("pages", "cpus"))
        self.median, self.least = (real(self.event.get(key)) for key in ("median", "min"))

    @property
    def name(self) -> str:
        return self.event.get("name")

    @property
    def ratio(self) -> float:
        """The ratio to the floor, or 0.0 if there is none."""
        return real(self.event.get("ratio"))

    @property
    def is_noise(self) -> bool:
        spreads = any(map(spread, (self.event, *self.floors)))
        return spreads or self.is_late or 0 < self.ratio < 1

    @property
    def ratio_text(self) -> str:
        if self.is_noise:
            return "noise"
        return f"{self.event.get('ratio')}x" if self.ratio else "-"


def spread(event: Event) -> bool:
    return event.get("unit") == "ns" and real(event.get("median")) > SPREAD * real(event.get("min"))


def rows_of(log: Log) -> list[Row]:
    rows: list[Row] = []
    latest: dict[str, Event] = {}
    for event in log.all("bench"):
        rows.append(Row(event, [latest[name] for name in event.get("floor").split("+") if name in latest]))
        latest[event.get("name")] = event
    for row in rows:
        asleep = find(rows, row.name + "_asleep", row.cpus, row.pages)
        row.is_late = asleep is not None and row.median > asleep.median
    return rows


def cells(row: Row) -> list[str]:
    event = row.event
    unit = event.get("unit", "ns") + (f" a {event.get('per')}" if event.get("per") else "")
    return [row.name, event.get("pages", "-"), event.get("cpus", "-"), event.get("median"), event.get("min"), unit,
            row.ratio_text, event.get("floor") if row.ratio else "-", event.get("context")]


def find(rows: list[Row], name: str, cpus: int, pages: int) -> Row | None:
    return next((row for row in rows if (row.name, row.cpus, row.pages) == (name, cpus, pages)), None)


def microseconds(row: Row | None) -> str:
    return f"{row.median / 1000:.1f} ({row.least / 1000:.1f})" if row else "-"


def scaling_row(rows: list[Row], cpus: int, asleep: bool) -> list[str]:
    suffix = "_asleep" if asleep else ""
    zap = find(rows, "zap" + suffix, cpus, 1)
    found = [find(rows, "floor_ipi" + suffix, cpus, 0) or find(rows, "floor_broadcast" + suffix, cpus, 0), find(rows, "shootdown" + suffix, cpus, 1), zap,
             find(rows, "zap" + suffix, cpus, 32)]
    return [str(1 + cpus), "-" if not cpus else "sleep" if asleep else "spin", *map(microseconds, found),
            zap.ratio_text if zap and cpus else "-"]


def scaling_heads(rows: list[Row]) -> list[str]:
    """Names the kind of floor, either interrupts or instructions reaching every CPU."""
    broadcast = any(row.name.startswith("floor_broadcast") for row in rows)
    return [head.replace("IPIs", "broadcast") if broadcast else head for head in SCALING_HEADS]


def scaling(rows: list[Row]) -> list[str]:
    """Returns nothing unless there were more than two CPUs."""
    most = max([0, *(row.cpus for row in rows)])
    if most < 2:
        return []
    lines = [scaling_row(rows, 0, False)]
    lines += [scaling_row(rows, cpus, asleep) for asleep in (True, False) for cpus in range(1, 1 + most)]
    return ["", paint("Scaling", "bold") + ": with 0, 1, 2, ... other CPUs in the mask; microseconds, the median and "
            "(the minimum)", "", *table([scaling_heads(rows)] + lines)]


def measured(rows: list[Row]) -> list[str]:
    return [paint("Bench", "bold") + ": ratios to the floor of the same boot", "",
            *table([HEADS] + [cells(row) for row in rows])]


def legend(rows: list[Row]) -> list[str]:
    return ["", *("  " + line for line in LEGEND)] if any(row.is_noise for row in rows) else []


def bench(log: Log) -> list[str]:
    rows = rows_of(log)
    if not rows:
        return ["Bench: the log has no measurements."]
    return measured([row for row in rows if row.cpus <= 1]) + scaling(rows) + legend(rows)


def digest(few: Log, many: Log) -> list[str]:
    """Returns the measurements for a page of docs/. The second floor and the steps to the flush ceiling are left out, and
    sleepers are in the scaling only. The scaling leaves out noise, which comes from more spinning CPUs than the host has."""
    rows = [row for row in rows_of(few) if row.cpus <= 1 and row.name != "tables_once"
            and not row.name.startswith(("flush_all", "flush_pages")) and not row.name.endswith("_asleep")]
    lines = [line for line in scaling(rows_of(many)) if not ("  spin  " in line and line.endswith("noise"))]
    return measured(rows) + lines + legend(rows)
