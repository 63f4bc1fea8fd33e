# SPDX-License-Identifier: MIT
"""The kill matrix as text. Guards go down, and the modes of one machine or several machines go across. Other lines list the
rules that held, and the guards killed by nothing."""
from __future__ import annotations

import re
from dataclasses import dataclass

from zapwalk import explored
from zapwalk.holes import holes
from zapwalk.log import Event, Log
from zapwalk.machines import MACHINES
from zapwalk.style import duration, paint, table

# A guard may have several cells in one column (scenarios, choices). The first of these results is shown.
ORDER = ["not_caught", "violated", "broken", "cut_off", "no_evidence", "caught", "not_observed", "masked", "held",
         "not_observable", "skipped"]
COLOURS = {"not_caught": "red", "broken": "red", "caught": "green", "not_observed": "yellow"}


@dataclass
class Column:
    """A way to run broken variants. It is one mode of one machine, a machine with all its modes, or the explorer with all its
    machines and memories."""

    title: str
    logs: list[Log]
    mode: str  # "" for any

    def cells(self) -> list[Event]:
        return [cell for log in self.logs for cell in log.all("cell") if self.mode in ("", cell.get("mode"))]


@dataclass
class Row:
    """One guard off under some choices, with a cell for each column."""

    guard: Event
    scenario: str
    choices: str
    cells: list[Event | None]


def machines(logs: list[Log]) -> list[Log]:
    return [log for log in logs if not explored.is_explored(log)]


def columns(logs: list[Log]) -> list[Column]:
    """Returns a column for each mode if there is one machine, or a column for each machine if there are several."""
    metal, rest = machines(logs), [log for log in logs if explored.is_explored(log)]
    found = ([Column(log.name, [log], "") for log in metal] if len(metal) > 1 else
             [Column(f"{log.name} {mode}".replace(" -", ""), [log], mode) for log in metal for mode in modes(log)])
    return found + ([Column("explored", rest, "")] if rest else [])


def rows(logs: list[Log], across: list[Column]) -> list[Row]:
    """Returns a row for each guard. If there is one machine, each guard and choice has a row of its own, because machines
    differ in choices. A guard asked for by nobody has none."""
    several, partial = len(machines(logs)) > 1, all(log.is_partial for log in logs)
    found: list[Row] = []
    for guard in guards(logs).values():
        under = variants(logs, guard)
        for choices in [None] * bool(under) if several else under:
            cells = [best_cell(column, guard, choices) for column in across]
            if partial and not any(cells):
                continue
            own, of_cells = [guard.get("scenario")], [cell.get("scenario") for cell in cells if cell]
            scenario = next(filter(None, own + of_cells if several else of_cells + own), "-")
            found.append(Row(guard, scenario, choices or "", cells))
    return found


def cell_text(cell: Event) -> str:
    """Returns a cell's text, in the words of docs/matrix.md."""
    result, reason = cell.get("result"), cell.get("reason")
    if result in explored.LOUD:
        return explored.LOUD[result]
    if result == "held":
        return f"kept: {reason}" if reason else "held"
    if result == "caught" and explored.is_cell(cell):
        return f"caught {cell.get('mode')}, {explored.steps(cell)}"
    if result == "caught":
        ms = cell.get("ms")
        return f"caught {duration(float(ms))}" if is_number(ms) else "caught"
    if result == "not_observed":
        return f"not observed ({cell.get('tries', '?')} tries)"
    if result == "not_observable" or reason.startswith("not observable"):
        return "not observable: " + reason.replace("not observable here: ", "", 1)
    if result == "masked":
        return f"masked by {reason}"
    if result == "skipped" and reason.startswith("not observed ("):
        return reason
    if result == "skipped":
        return f"skipped: {reason}"
    if result == "broken":
        return f"BROKEN: {reason}"
    return result or "?"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_broken_variant(cell: Event) -> bool:
    return cell.get("guard", "none") != "none"


def choices_of(cell: Event) -> str:
    """Returns "zap=split,...", or "" for the defaults."""
    choices = cell.get("choices", "-")
    return "" if choices == "-" else choices


def modes(log: Log) -> list[str]:
    """Returns the modes of its cells. Stress is added if the machine's own options leave it out, so its cells say "not run"."""
    found = list(dict.fromkeys(cell.get("mode") for cell in log.all("cell") if is_broken_variant(cell)))
    left_out = log.name in MACHINES and "stress" not in found and any(
        option.startswith("mode=") and "stress" not in option for option in MACHINES[log.name].options)
    return (found or ["-"]) + (["stress"] if left_out else [])


def guards(logs: list[Log]) -> dict[str, Event]:
    """Returns every guard announced by a log, in the kernel's order."""
    found: dict[str, Event] = {}
    for log in logs:
        for event in log.all("guard"):
            found.setdefault(event.get("name"), event)
        for cell in filter(is_broken_variant, log.all("cell")):
            found.setdefault(cell.get("guard"), Event("guard", {"name": cell.get("guard"), "kind": "step"}, ""))
    return found


def variants(logs: list[Log], guard: Event) -> list[str]:
    """Returns the choices under which a guard was switched off, or the defaults if it never was."""
    cells = [cell for log in logs for cell in log.all("cell") if cell.get("guard") == guard.get("name")]
    if not cells and guard.get("kind") == "barrier":
        return []
    return list(dict.fromkeys(choices_of(cell) for cell in cells)) or [""]


def best_cell(column: Column, guard: Event, choices: str | None) -> Event | None:
    """Returns the cell standing for all scenarios and, with None, for all choices. Among equals it is that of the guard's own
    scenario. Among the explorer's cells it is the one under the strongest memory, because a variant broken there breaks under
    all weaker ones as well."""
    cells = [cell for cell in column.cells() if cell.get("guard") == guard.get("name")
             and choices in (None, choices_of(cell))]
    return min(cells, key=lambda cell: standing(cell, guard), default=None)


def column_text(column: Column, cell: Event | None) -> str:
    """Returns a cell's text. In a machine's column for all modes, it names the modes that catch the guard."""
    if not cell:
        return "not run"
    if column.mode or cell.get("result") != "caught" or explored.is_cell(cell):
        return cell_text(cell)
    caught = [other.get("mode") for other in column.cells()
              if other.get("guard") == cell.get("guard") and other.get("result") == "caught"]
    return "caught " + ", ".join(dict.fromkeys(caught))


def standing(cell: Event, guard: Event) -> tuple:
    model, steps = explored.order(cell)
    return rank(cell), model, cell.get("scenario") != guard.get("scenario"), steps


def rank(cell: Event) -> int:
    return ORDER.index(cell.get("result")) if cell.get("result") in ORDER else -1


def matrix(logs: list[Log]) -> list[str]:
    """Returns the table, then the texts too long for a cell, then the guards caught by nobody with the reasons."""
    known = guards(logs)
    if not known:
        return ["Kill matrix: the log announces no guards."]
    across = columns(logs)
    texts = [["guard off", "breaks"] + [column.title for column in across] + ["with"]]
    notes: list[str] = []
    for row in rows(logs, across):
        cells = [footnoted(column_text(column, cell), notes) for column, cell in zip(across, row.cells)]
        texts.append([row.guard.get("name"), row.scenario, *cells, row.choices])
    if len(texts) == 1:
        return []
    if not any(row[-1] for row in texts[1:]):
        texts = [row[:-1] for row in texts]
    lines = [paint("Kill matrix", "bold") + ": the shipping code with one guard off, and whether that is noticed", ""]
    return lines + [colour_row(line) for line in table(texts)] + notes + holes(logs, known)


def footnoted(text: str, notes: list[str]) -> str:
    """Moves a long reason below the table."""
    if len(text) <= 28 or ": " not in text:
        return text
    note = f"  [{len(notes) + 1}] {text.partition(': ')[2]}"
    same = [i for i, old in enumerate(notes, 1) if old.partition("] ")[2] == note.partition("] ")[2]]
    if not same:
        notes.append(note)
    return f"{text.partition(':')[0]} [{same[0] if same else len(notes)}]"


def colour_row(line: str) -> str:
    for result, text in (*((bad, text) for bad, text in explored.LOUD.items()), ("broken", "BROKEN"),
                          ("not_observed", "not observed"), ("caught", "caught")):
        if text in line:
            return line.replace(text, paint(text, COLOURS.get(result, "red")))
    return line


def base_variants(log: Log) -> list[str]:
    """Lists every scenario with no guard of its own off. The rules that held come with evidence of their races, and then come
    the historical algorithms, which do not hold."""
    base = [cell for cell in log.all("cell") if not is_broken_variant(cell)]
    lines = section(f"The code with {log.guards_text} ({log.name})", [
        [cell.get("result"), variant_name(cell), reason_text(cell)] for cell in base if cell.get("result") != "caught"])
    return lines + section(f"Historical algorithms, caught with all guards on ({log.name})", [
        [cell_text(cell), variant_name(cell), reason_text(cell)] for cell in base if cell.get("result") == "caught"])


def section(heading: str, rows: list[list[str]]) -> list[str]:
    bad = re.compile(r"^  (violated|broken|no_evidence)\b")
    lines = [bad.sub(lambda match: "  " + paint(match.group(1), "red"), line) for line in table(rows)]
    return [paint(heading, "bold"), "", *lines, ""] if rows else []


def variant_name(cell: Event) -> str:
    return f"{cell.get('scenario')} {cell.get('mode')}"


def reason_text(cell: Event) -> str:
    choices = choices_of(cell)
    return (cell.get("evidence") or cell.get("reason") or "no evidence") + (f" [{choices}]" if choices else "")
