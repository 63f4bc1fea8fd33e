# SPDX-License-Identifier: MIT
"""What changed from one log to another: tools/report diff OLD NEW."""
from __future__ import annotations

from dataclasses import dataclass

from zapwalk.ends import TABLE
from zapwalk.log import Log, Point
from zapwalk.style import paint, table
from zapwalk.verdict import judge

SHOWN = ("held", "caught", "masked")
BAD = ("violated", "not_caught", "broken", "no_evidence", "cut_off")
GONE = "not there"
FACTS = (("boot", "git"), ("boot", "version"), ("engine", "name"), ("engine", "version"), ("engine", "accel"),
         ("machine", "cpu"), ("machine", "firmware"), ("lab", "cpus"), ("boot", "mem_mib"), ("cmdline", "text"))


@dataclass
class Row:
    """One point in both logs. was, now: what its cell says, or GONE."""

    name: str
    was: str
    now: str
    why: str

    @property
    def is_chance(self) -> bool:
        """Free-running CPUs meet a bad order, or do not."""
        return " stress" in self.name

    @property
    def is_worse(self) -> bool:
        if rank(self.now) == 0:
            return rank(self.was) > 0
        if self.is_chance and self.now != GONE:
            return False
        return rank(self.now) < rank(self.was)


def rank(result: str) -> int:
    """0: a rule broke, or was not seen to. Known to break is worse than to hold; skipped shows nothing."""
    return 0 if result in BAD else 3 if result in SHOWN else 2 if result == "known" else 1


def result_of(log: Log, point: Point) -> str:
    said = log.cell(str(point.number)).get("result")
    return said or {"SKIP": "skipped", "TODO": "known"}.get(point.directive, "held" if point.ok else "violated")


def why(log: Log, point: Point) -> str:
    cell = log.cell(str(point.number))
    return point.reason or cell.get("reason") or cell.get("evidence")


def named(log: Log) -> dict[str, Point]:
    """Two rows of one name are told apart by their order."""
    found: dict[str, Point] = {}
    for point in log.points:
        number = 1
        while (key := point.name if number == 1 else f"{point.name} ({number})") in found:
            number += 1
        found[key] = point
    return found


def rows(old: Log, new: Log) -> list[Row]:
    """Those that differ, as the newer log has them, then what it lacks. What a newer log was not asked for it does not
    lack."""
    before, after = named(old), named(new)
    found = [Row(name, result_of(old, before[name]) if name in before else GONE, result_of(new, point), why(new, point))
             for name, point in after.items()]
    if not any(word.startswith(("run=", "mode=")) for word in new.words):
        found += [Row(name, result_of(old, point), GONE, "") for name, point in before.items() if name not in after]
    return [row for row in found if row.was != row.now]


def facts(old: Log, new: Log) -> list[list[str]]:
    pairs = [(f"{event} {key}", old.first(event).get(key), new.first(event).get(key)) for event, key in FACTS]
    return [[name, before or "-", now or "-"] for name, before, now in pairs if before != now]


def section(title: str, found: list[Row], colour: str) -> list[str]:
    if not found:
        return []
    return [paint(title, colour), "", *table([[row.name, row.was, "->", row.now, row.why] for row in found]), ""]


def diff(old: Log, new: Log) -> tuple[list[str], bool]:
    """What to print, and whether something got worse."""
    ends = [judge(log).end for log in (old, new)]
    found = rows(old, new)
    worse = [row for row in found if row.is_worse]
    better = [row for row in found if not row.is_worse and rank(row.now) > rank(row.was) and row.was != GONE]
    added = [row for row in found if row.was == GONE and row not in worse]
    rest = [row for row in found if row not in worse + better + added]
    changed = facts(old, new)
    lines = [paint("What ran", "bold"), "", *table([["", old.name, new.name], *changed]), ""] if changed else []
    lines += section("Worse", worse, "red") + section("Better", better, "green") + section("New", added, "bold")
    lines += section("Different, and neither", rest, "bold")
    ended_worse = TABLE.index(ends[1]) < TABLE.index(ends[0])
    lines.append(f"{ends[0].text} -> {ends[1].text}" if ends[0] != ends[1] else f"both {ends[0].text}")
    regressed = bool(worse) or ended_worse
    lines.append(paint(f"{len(worse)} points are worse" if worse else "the run ends worse" if ended_worse else
                       "nothing is worse", "red" if regressed else "green"))
    return lines, regressed
