# SPDX-License-Identifier: MIT
"""tools/run --tap prints the run for readers of TAP. The version line comes first, then the plan, then everything else. The
reasons of a failure stand right behind its point, and the kernel's lines from before the point follow."""
from __future__ import annotations

from typing import Iterable

from zapwalk import report, witness
from zapwalk.log import HEADER, PLAN, Log, Point, clean
from zapwalk.symbols import Symbols
from zapwalk.verdict import Verdict


class Tap:
    """Takes the serial output line by line, as zapwalk.screen.Screen does."""

    def __init__(self, log: Log, symbols: Symbols):
        self.log, self.symbols = log, symbols
        self.held: list[str] = []  # lines waiting for the plan, or for their point
        self.begun = self.planned = False

    def line(self, raw: str) -> None:
        line = clean(raw)
        item = self.log.add(line)
        if line.startswith(HEADER):
            self.begin()
        elif not self.planned and PLAN.match(line):
            self.planned = True
            self.say(line)
            self.release()
        elif isinstance(item, Point) and self.planned:
            self.say(line)
            self.comment(self.reasons(item))
            self.release()
        elif line.startswith("Bail out!"):
            self.begin()
            self.release()
            self.say(line)
        elif line.strip("# "):
            self.held.append(self.symbols.annotate(line))
            if self.planned and len(self.log.points) == self.log.plan:
                self.release()  # because no more points come, only further passes

    def begin(self) -> None:
        if not self.begun:
            self.say(HEADER)
        self.begun = True

    def reasons(self, point: Point) -> list[str]:
        if point.ok:
            return []
        cell = self.log.cell(str(point.number))
        return [cell.get("reason") or cell.get("evidence") or point.reason,
                *(line for one in self.log.witnesses if one.head.get("n") == str(point.number)
                  for line in witness.draw(one, self.log.variant_text(str(point.number))))]

    def tell(self, text: str) -> None:
        """Takes a line of ours."""
        self.held.append(text)

    def release(self) -> None:
        self.comment(self.held)
        self.held = []

    def comment(self, lines: Iterable[str]) -> None:
        for line in (line for text in lines for line in text.splitlines()):
            if line.strip():
                self.say(line if line.startswith("#") else f"# {line}")

    def wipe(self) -> None:
        """Does nothing, because there is no bar."""

    def conclude(self, verdict: Verdict, more: list[str]) -> None:
        """Ends the output. A broken run prints Bail out!, because a reader may not ask for the exit status."""
        self.begin()
        if not self.log.bail_out and (self.log.done is None or not self.planned):
            self.say(f"Bail out! {verdict.end.text}: {'; '.join(verdict.reasons)}".replace("\n", " "))
        self.release()
        self.comment([*report.verdict_lines(self.log, verdict), *more])

    @staticmethod
    def say(text: str) -> None:
        print(text, flush=True)


def refusal(end: str, why: object) -> None:
    """Prints the reason why nothing was started."""
    print(f"{HEADER}\nBail out! {end}: {' '.join(str(why).split())}", flush=True)
