# SPDX-License-Identifier: MIT
"""Compares two logs for tools/report diff OLD NEW."""
from __future__ import annotations

from dataclasses import dataclass

from zapwalk.ends import TABLE, End
from zapwalk.log import Log, Point
from zapwalk.style import paint, table
from zapwalk.verdict import judge

SHOWN = ("held", "caught", "masked")
BAD = ("violated", "not_caught", "broken", "no_evidence", "cut_off")
GONE = "not there"
KINDS = {"Worse": "red", "Better": "green", "New": "bold", "Different, and neither": "bold"}  # and their colours
FACTS = (("boot", "git"), ("boot", "version"), ("engine", "name"), ("engine", "version"), ("engine", "accel"),
         ("machine", "cpu"), ("machine", "firmware"), ("lab", "cpus"), ("boot", "mem_mib"), ("cmdline", "text"))


@dataclass
class Row:
    """One point in both logs. `was` and `now` are the results of its cell, or GONE."""

    name: str
    was: str
    now: str
    why: str

    @property
    def is_chance(self) -> bool:
        """True for free-running CPUs, because they meet a bad order by chance."""
        return " stress" in self.name

    @property
    def is_worse(self) -> bool:
        if rank(self.now) == 0:
            return rank(self.was) > 0
        if self.is_chance and self.now != GONE:
            return False
        return rank(self.now) < rank(self.was)

    @property
    def kind(self) -> str:
        """One of KINDS."""
        if self.is_worse:
            return "Worse"
        if self.was == GONE:
            return "New"
        return "Better" if rank(self.now) > rank(self.was) else "Different, and neither"


def rank(result: str) -> int:
    """Returns 0 if a rule broke, or if a broken variant was not seen to break. A known break is worse than a rule that held.
    A skipped point shows nothing, so it ranks above 0 and below both."""
    return 0 if result in BAD else 3 if result in SHOWN else 2 if result == "known" else 1


def result_of(log: Log, point: Point) -> str:
    said = log.cell(str(point.number)).get("result")
    return said or {"SKIP": "skipped", "TODO": "known"}.get(point.directive, "held" if point.ok else "violated")


def why(log: Log, point: Point) -> str:
    cell = log.cell(str(point.number))
    return point.reason or cell.get("reason") or cell.get("evidence")


def named(log: Log) -> dict[str, Point]:
    """Returns the points by name. Two points of one name are told apart by their order."""
    found: dict[str, Point] = {}
    for point in log.points:
        number = 1
        while (key := point.name if number == 1 else f"{point.name} ({number})") in found:
            number += 1
        found[key] = point
    return found


def rows(old: Log, new: Log) -> list[Row]:
    """Returns the rows with a difference in the newer log's order, then the rows missing there. A newer log with a selection
    of rows misses none."""
    before, after = named(old), named(new)
    found = [Row(name, result_of(old, before[name]) if name in before else GONE, result_of(new, point), why(new, point))
             for name, point in after.items()]
    if not any(option.startswith(("run=", "mode=")) for option in new.options):
        found += [Row(name, result_of(old, point), GONE, "") for name, point in before.items() if name not in after]
    return [row for row in found if row.was != row.now]


def facts(old: Log, new: Log) -> list[list[str]]:
    pairs = [(f"{event} {key}", old.first(event).get(key), new.first(event).get(key)) for event, key in FACTS]
    return [[name, before or "-", now or "-"] for name, before, now in pairs if before != now]


def section(title: str, found: list[Row], colour: str) -> list[str]:
    if not found:
        return []
    return [paint(title, colour), "", *table([[row.name, row.was, "->", row.now, row.why] for row in found]), ""]


def complaint(found: list[Row], before: End, after: End) -> str:
    """Says what got worse, or returns "" if nothing did."""
    worse = [row for row in found if row.is_worse]
    if worse:
        return f"{len(worse)} points are worse"
    return "the run ends worse" if TABLE.index(after) < TABLE.index(before) else ""


def diff(old: Log, new: Log) -> tuple[list[str], bool]:
    """Returns the lines to print, and whether something got worse."""
    changed = facts(old, new)
    lines = [paint("What ran", "bold"), "", *table([["", old.name, new.name], *changed]), ""] if changed else []
    found = rows(old, new)
    for kind, colour in KINDS.items():
        lines += section(kind, [row for row in found if row.kind == kind], colour)
    before, after = (judge(log).end for log in (old, new))
    lines.append(f"{before.text} -> {after.text}" if before != after else f"both {before.text}")
    wrong = complaint(found, before, after)
    return [*lines, paint(wrong or "nothing is worse", "red" if wrong else "green")], bool(wrong)
