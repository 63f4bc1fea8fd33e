# SPDX-License-Identifier: MIT
"""Shows the running boot to a person. The raw log is kept elsewhere, untouched."""
from __future__ import annotations

import sys

from zapwalk import report
from zapwalk.log import HEADER, PLAN, Event, Log, Point, clean
from zapwalk.matrix import cell_text, variant_name
from zapwalk.style import bar, on_terminal, paint
from zapwalk.symbols import Symbols
from zapwalk.verdict import BROKEN, Verdict

# These events are shown by tools/report at the end, or are of no interest while all goes well. All others are shown.
HIDDEN = {"boot", "cmdline", "memory", "machine", "console", "firmware", "framebuffer", "lab", "guard", "choice", "race", "option",
          "scenario", "cell", "witness", "step", "step_lost", "stress", "histogram", "bench", "finding"}
WIDEST = 2000  # characters of a line on the terminal, because a guest printing no end of line must not flood it
MOST = 1 << 20  # characters of all lines shown
LABELS = {"ok": "green", "FAIL": "red", "skip": "dim", "todo": "yellow"}


def pass_text(event: Event) -> str:
    """Tells a whole pass in one line."""
    counts = ", ".join(f"{event.get(key)} {key}" for key in ("passed", "failed", "skipped", "known") if event.get(key))
    rounds = f"{event.get('rounds')} rounds of stress, " if event.number("rounds") else ""
    return f"pass {event.get('n')}: {counts}; since the start {rounds}{event.get('seconds')} s"


def again_text(event: Event) -> str:
    return f"FAIL in pass {event.get('pass')}: {variant_name(event)}  {cell_text(event)}  {event.get('reason')}"


class Screen:
    """Takes the serial output line by line, fills the log and prints the important lines."""

    def __init__(self, log: Log, symbols: Symbols, verbose: bool):
        self.log = log
        self.symbols = symbols
        self.verbose = verbose
        self.bar = False
        self.said = 0
        self.silent = False

    def line(self, raw: str) -> None:
        line = clean(raw)
        item = self.log.add(line)
        if self.verbose:
            self.say(self.symbols.annotate(line))
        elif isinstance(item, Point):
            self.say(self.point(item))
        elif isinstance(item, Event):
            self.event(item)
        elif line.startswith("Bail out!"):
            self.say(paint(line, "red"))
        elif line.strip("# ") and line != HEADER and not PLAN.match(line):
            self.say(line)

    def tell(self, text: str) -> None:
        """Prints a line of ours."""
        self.say(paint(text, "dim"))

    def conclude(self, verdict: Verdict, more: list[str]) -> None:
        self.wipe()
        print("\n" + "\n".join([*report.body([self.log], "verbose" in self.log.options),
                                *report.verdict_lines(self.log, verdict), *more]))

    def event(self, event: Event) -> None:
        if event.name == "progress":
            self.progress(event)
        elif event.name == "pass":
            self.say(pass_text(event))
        elif event.name == "again":
            if event.get("result") in BROKEN:
                self.say(paint(again_text(event), "red"))
        elif event.name == "ended":
            self.say(f"ended in pass {event.get('pass')}: {event.get('why')}")
        elif event.name not in HIDDEN and not (event.name == "cpu" and event.get("state") == "online"):
            self.say(self.symbols.annotate(event.line))

    def point(self, point: Point) -> str:
        label = {"SKIP": "skip", "TODO": "todo"}.get(point.directive, "ok" if point.ok else "FAIL")
        place = f"{point.number}/{self.log.plan}" if self.log.plan else str(point.number)
        return f"{paint(f'{label:<4}', LABELS[label])} {place:>7}  {point.name}{self.remark(point)}"

    def remark(self, point: Point) -> str:
        """Returns the reason of a skip, or the text of a broken variant's cell."""
        if point.directive:
            return paint(f"  ({point.reason})", "dim")
        for cell in reversed(self.log.all("cell")):
            if cell.number("n") == point.number and cell.get("result") != "held":
                return paint(f"  {cell_text(cell)}", "dim" if point.ok else "red")
        return ""

    def progress(self, event: Event) -> None:
        done, of = event.number("done"), event.number("of")
        if not on_terminal() or not of or done is None:
            return
        eta = f"{event.get('eta')} s left" if event.get("eta") else ""
        sys.stdout.write("\r\x1b[K" + bar(done, of, eta))
        sys.stdout.flush()
        self.bar = True

    def say(self, text: str) -> None:
        """Prints a text, or leaves it out after MOST characters. It may do so, because the end of a run is printed elsewhere."""
        self.wipe()
        if len(text) > WIDEST:
            text = f"{text[:WIDEST]}... ({len(text) - WIDEST} characters more, in the raw log)"
        self.said += len(text) + 1
        if self.said > MOST:
            if not self.silent:
                print("... and more, which is in the raw log only", flush=True)
            self.silent = True
            return
        print(text, flush=True)

    def wipe(self) -> None:
        if self.bar:
            sys.stdout.write("\r\x1b[K")
            self.bar = False
