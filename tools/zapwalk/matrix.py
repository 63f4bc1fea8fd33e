# SPDX-License-Identifier: MIT
"""The kill matrix as text: guards down, machine and mode across; what holds, and what nothing kills."""
from __future__ import annotations

import re

from zapwalk.log import Event, Log
from zapwalk.style import duration, paint, table

# A guard may have several cells in one column (scenarios, choices): the first of these is shown.
ORDER = ["not_caught", "broken", "caught", "not_observed", "masked", "not_observable", "skipped"]
COLOURS = {"not_caught": "red", "broken": "red", "caught": "green", "not_observed": "yellow"}


def cell_text(cell: Event) -> str:
    """What a cell says, in the words of docs/architecture.md."""
    result, reason = cell.get("result"), cell.get("reason")
    if result == "caught":
        ms = cell.get("ms")
        return f"caught {duration(float(ms))}" if is_number(ms) else "caught"
    if result == "not_observed":
        return f"not observed ({cell.get('tries', '?')} tries)"
    if result == "not_observable":
        return f"not observable: {reason}"
    if result == "masked":
        return f"masked by {reason}"
    if result == "skipped":
        return reason.replace(" here:", ":", 1) if reason.startswith("not observable") else f"skipped: {reason}"
    if result == "broken":
        return f"BROKEN: {reason}"
    return {"not_caught": "NOT CAUGHT"}.get(result, result or "?")


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def modes(log: Log) -> list[str]:
    found = list(dict.fromkeys(cell.get("mode") for cell in log.all("cell") if is_broken_variant(cell)))
    return found or ["-"]


def is_broken_variant(cell: Event) -> bool:
    return cell.get("guard", "none") != "none"


def best_cell(log: Log, guard: Event, mode: str) -> Event | None:
    """The cell that stands for all of this guard's; among equals that of the guard's own scenario."""
    cells = [c for c in log.all("cell") if c.get("guard") == guard.get("name") and c.get("mode") == mode]
    return min(cells, key=lambda c: (rank(c), c.get("scenario") != guard.get("scenario")), default=None)


def rank(cell: Event) -> int:
    return ORDER.index(cell.get("result")) if cell.get("result") in ORDER else -1


def guards(logs: list[Log]) -> dict[str, Event]:
    """Every guard that a log announces, in the kernel's order."""
    found: dict[str, Event] = {}
    for log in logs:
        for event in log.all("guard"):
            found.setdefault(event.get("name"), event)
        for cell in filter(is_broken_variant, log.all("cell")):
            found.setdefault(cell.get("guard"), Event("guard", {"name": cell.get("guard"), "kind": "step"}, ""))
    return found


def matrix(logs: list[Log]) -> list[str]:
    """The table, then what a narrow cell leaves out, then the holes."""
    known = guards(logs)
    if not known:
        return ["Kill matrix: the log announces no guards."]
    columns = [(log, mode) for log in logs for mode in modes(log)]
    rows = [["guard off", "breaks"] + [f"{log.name} {mode}".replace(" -", "") for log, mode in columns]]
    notes: list[str] = []
    steps = [name for name, event in known.items() if event.get("kind") != "barrier"]
    for name in steps:
        cells = [best_cell(log, known[name], mode) for log, mode in columns]
        texts = [footnoted(cell, notes) if cell else "not run" for cell in cells]
        rows.append([name, known[name].get("scenario") or "-"] + texts)
    lines = [paint("Kill matrix", "bold") + ": the shipping code with one guard off, and whether that is noticed", ""]
    return lines + [colour_row(line) for line in table(rows)] + notes + holes(logs, known)


def footnoted(cell: Event, notes: list[str]) -> str:
    """Long reasons go below the table."""
    text = cell_text(cell)
    if len(text) <= 28:
        return text
    note = f"  [{len(notes) + 1}] {text.partition(': ')[2]}"
    same = [i for i, old in enumerate(notes, 1) if old.partition("] ")[2] == note.partition("] ")[2]]
    if not same:
        notes.append(note)
    return f"{text.partition(':')[0]} [{same[0] if same else len(notes)}]"


def colour_row(line: str) -> str:
    for result, words in (("not_caught", "NOT CAUGHT"), ("broken", "BROKEN"), ("not_observed", "not observed"),
                          ("caught", "caught")):
        if words in line:
            return line.replace(words, paint(words, COLOURS[result]))
    return line


def holes(logs: list[Log], known: dict[str, Event]) -> list[str]:
    """Guards that nothing kills in any log here; those that were not asked for are no holes."""
    cells = [cell for log in logs for cell in log.all("cell")]
    caught = {cell.get("guard") for cell in cells if cell.get("result") == "caught"}
    tried = {cell.get("guard") for cell in cells}
    barriers = [name for name, event in known.items() if event.get("kind") == "barrier" and name not in caught]
    steps = [name for name, event in known.items() if event.get("kind") != "barrier" and name not in caught]
    left_out = [name for name in steps if name not in tried] if all(log.is_partial for log in logs) else []
    open_steps = [name for name in steps if name not in left_out]
    lines = [""]
    if open_steps or not left_out:
        lines.append(f"  holes: {paint(', '.join(open_steps), 'yellow') if open_steps else 'none'}")
    if left_out:
        lines.append(f"  not run: {', '.join(left_out)}")
    if barriers:
        lines.append(f"  barriers, holes until the explorer runs them: {', '.join(barriers)}")
    return lines


def base_variants(log: Log) -> list[str]:
    """The shipping code: each scenario with all guards on, and the evidence that its race was run."""
    rows = []
    for cell in log.all("cell"):
        if is_broken_variant(cell):
            continue
        choices = cell.get("choices", "-")
        name = f"{cell.get('scenario')} {cell.get('mode')}" + ("" if choices in ("", "-") else f" {choices}")
        said = cell.get("evidence") or cell.get("reason") or "no evidence"
        rows.append([cell.get("result"), name, said])
    if not rows:
        return []
    bad = re.compile(r"^  (violated|broken|no_evidence)\b")
    lines = [bad.sub(lambda match: "  " + paint(match.group(1), "red"), line) for line in table(rows)]
    return [paint(f"The code with {log.guards_text}", "bold") + f" ({log.name})", ""] + lines
