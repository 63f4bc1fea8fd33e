# SPDX-License-Identifier: MIT
"""A serial log, which is flat TAP 13 with one-line events, as the kernel prints it (docs/architecture.md).

Tolerates the rest of a real console's output, such as carriage returns, escape codes and firmware text before the header.
Of several boots in one file the last one counts.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable

from zapwalk.logs import machine_of

HEADER = "TAP version 13"
QUOTED = 200  # characters of a line quoted by a verdict
RUNNERS = ("# ev=engine ", "# ev=run ")  # written into a log by tools/run, while all other lines are the machine's
ESCAPE = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-Za-z]|[@-Z\\-_=>78c])|[\x00-\x08\x0b-\x1f\x7f]")
FIELD = re.compile(r'([\w.-]+)=(?:"([^"]*)"|(\S*))')
POINT = re.compile(r"(not )?ok (\d+)(?: - ([^#]*?))?\s*(?:# *(SKIP|TODO)\b\s*(.*))?$", re.IGNORECASE)
PLAN = re.compile(r"1\.\.(\d+)\s*(# *SKIP)?", re.IGNORECASE)


@dataclass
class Event:
    """A line `# ev=name key=value ...`. A missing key reads as ""."""

    name: str
    values: dict[str, str]
    line: str

    def get(self, key: str, default: str = "") -> str:
        return self.values.get(key, default)

    def number(self, key: str) -> int | None:
        """The integer under `key`, or None when there is none."""
        text = self.get(key)
        return int(text) if re.fullmatch(r"-?\d+", text) else None


@dataclass
class Point:
    """One `ok` or `not ok` line. `directive` is "SKIP", "TODO" or ""."""

    number: int
    ok: bool
    name: str
    directive: str
    reason: str

    @property
    def failed(self) -> bool:
        return not self.ok and not self.directive


@dataclass
class Witness:
    """The steps of all CPUs in order, as one variant broke its rule."""

    head: Event
    steps: list[Event] = field(default_factory=list)
    lost: int = 0  # later steps, for which the kernel had no room


@dataclass
class Log:
    """The log of one boot."""

    name: str
    header: bool = False
    plan: int | None = None
    plan_skipped: bool = False  # by `1..0 # SKIP`, because nothing was to be run, as for the option `list`
    points: list[Point] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    bail_out: str | None = None
    done: Event | None = None
    after_done: list[str] = field(default_factory=list)
    last_line: str = ""
    died_before: int = 0  # earlier boots in the same file without ev=done

    def all(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    def first(self, name: str) -> Event:
        """Returns the first such event, or an empty one."""
        return next((event for event in self.events if event.name == name), Event(name, {}, ""))

    @property
    def cmdline(self) -> str | None:
        """The options as the kernel saw them. The kernel cannot escape quotes, so the text ends at the last quote."""
        for event in self.all("cmdline"):
            match = re.search(r'text="(.*)"', event.line)
            return match.group(1) if match else event.get("text")
        return None

    @property
    def options(self) -> list[str]:
        return (self.cmdline or "").split()

    @property
    def guards_text(self) -> str:
        """The guards of the base variants, because guard.<name>=off options hold for them too."""
        return " ".join(option for option in self.options if option.startswith("guard.")) or "all guards on"

    def cell(self, number: str) -> Event:
        """Returns the cell of point `number`, or an empty one."""
        return next((cell for cell in self.all("cell") if cell.get("n") == number), Event("cell", {}, ""))

    def again(self, *results: str) -> dict[int, Event]:
        """Returns the rows with one of these results in a pass after the first, by number, with the first such event."""
        found: dict[int, Event] = {}
        for event in self.all("again"):
            number = event.number("n")
            if event.get("result") in results and number is not None:
                found.setdefault(number, event)
        return found

    def variant_text(self, number: str) -> str:
        """Returns the choices and the guard of the variant of point `number`."""
        cell = self.cell(number)
        choices, guard = cell.get("choices", "-"), cell.get("guard", "none")
        options = [] if choices == "-" else [f"choice.{choice}" for choice in choices.split(",")]
        options += [self.guards_text] if guard == "none" else [f"guard.{guard}=off"]
        if machine := self.first("explorer").get("machine"):
            options += [f"model={cell.get('mode')} ({machine})"]
        return " ".join(options)

    @property
    def is_partial(self) -> bool:
        """True if a selection was asked for, or if the run ended early."""
        return self.done is None or self.bail_out is not None or any(option.startswith(("run=", "mode=")) for option in self.options)

    def add(self, line: str) -> Event | Point | None:
        """Takes one clean line. Returns the point or the event in it, or None for anything else."""
        if line.strip() and not line.startswith(RUNNERS):
            self.last_line = line[:QUOTED]
            if self.done:
                self.after_done.append(line)
        if line.startswith("# ev="):
            return self._add_event(parse_event(line))
        if line.startswith("Bail out!"):
            self.bail_out = self.bail_out or line[len("Bail out!"):].strip() or "no reason given"
        elif line.startswith(HEADER):
            self.header = True
        elif match := PLAN.match(line):
            self.plan, self.plan_skipped = int(match.group(1)), bool(match.group(2))
        elif match := POINT.match(line):
            bad, number, name, directive, reason = match.groups()
            point = Point(int(number), not bad, (name or "").strip(), (directive or "").upper(), reason or "")
            self.points.append(point)
            return point
        return None

    def _add_event(self, event: Event) -> Event:
        self.events.append(event)
        if event.name == "witness":
            self.witnesses.append(Witness(event))
        elif event.name == "step" and self.witnesses:
            self.witnesses[-1].steps.append(event)
        elif event.name == "step_lost" and self.witnesses:
            self.witnesses[-1].lost = event.number("count") or 0
        elif event.name == "done":
            self.done = event
        return event


def clean(raw: str) -> str:
    """Returns a line as the kernel meant it, without carriage return, without escape codes, with nothing before the header."""
    line = ESCAPE.sub("", raw.rstrip("\r\n"))
    return line[max(line.find(HEADER), 0):]


def parse_event(line: str) -> Event:
    pairs = {key: quoted or plain for key, quoted, plain in FIELD.findall(line)}
    return Event(pairs.pop("ev", ""), pairs, line)


def parse(lines: Iterable[str], name: str) -> Log:
    """Returns the last boot among `lines`."""
    last = Log(name)
    for raw in lines:
        line = clean(raw)
        if line.startswith(HEADER) and last.header:
            last = Log(name, died_before=last.died_before + (last.done is None))
        last.add(line)
    return last


def read(path: Path) -> Log:
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        return parse(file, machine_of(path))
