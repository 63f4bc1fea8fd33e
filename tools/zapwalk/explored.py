# SPDX-License-Identifier: MIT
"""What a log of the explorer is, and what one of its cells says (docs/explorer.md)."""
from __future__ import annotations

from zapwalk.log import Event, Log, Witness
from zapwalk.style import paint

MODELS = ("sc", "tso", "pso", "weak")  # each allows all that the ones before it do
GOOD = ("caught", "held", "masked")
WRONG = "WRONG"  # an answer of the explorer's own tests
LOUD = {"not_caught": "NOT CAUGHT", "violated": "VIOLATED", "cut_off": "CUT OFF", "no_evidence": "NO EVIDENCE"}
NEVER_RAN = ("not_observable", "skipped")


def is_explored(log: Log) -> bool:
    return bool(log.all("explorer"))


def is_idle(log: Log) -> bool:
    """Everything was skipped, and why is on record; or the scenario is another machine's."""
    if log.bail_out:
        return "matches no scenario" in log.bail_out
    return bool(log.points) and log.done is not None and all(point.directive == "SKIP" for point in log.points)


def is_cell(cell: Event) -> bool:
    return cell.get("mode") in MODELS


def machine(log: Log) -> str:
    return log.first("explorer").get("machine")


def order(cell: Event) -> tuple[int, int]:
    """Among cells of one result: the strongest memory first, then the shortest counterexample."""
    return (MODELS.index(cell.get("mode")), cell.number("steps") or 0) if is_cell(cell) else (0, 0)


def cells_of(logs: list[Log]) -> list[Event]:
    return [cell for log in logs if is_explored(log) for cell in log.all("cell")]


def shortest(witnesses: list[tuple[Log, Witness]]) -> list[tuple[Log, Witness]]:
    """One of each variant: the same way, a little longer, under weaker memory or on another machine tells no more."""
    best: dict[tuple[str, str, str], tuple[Log, Witness]] = {}
    for log, one in witnesses:
        cell = log.cell(one.head.get("n"))
        key = cell.get("scenario"), cell.get("guard"), cell.get("choices")
        if key not in best or len(one.steps) < len(best[key][1].steps):
            best[key] = log, one
    return list(best.values())


def colour(line: str) -> str:
    for text in (*LOUD.values(), WRONG):
        line = line.replace(text, paint(text, "red"))
    return line.replace("caught", paint("caught", "green"))


# --- one cell in a few characters ----------------------------------------------------------------


def amount(number: int) -> str:
    """404, 7.5k, 1.2M"""
    for size, unit in ((10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.{0 if number >= 100 * size else 1}f}{unit}"
    return str(number)


def interleavings(text: str) -> str:
    """Interleavings: 1.273e+06 becomes 1.3e6; a wait that may look again for ever has no number of them."""
    if text == "endless":
        return "loops"
    try:
        value = float(text)
    except ValueError:
        return "-"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{value:.0f}" if value < 10000 else f"{mantissa}e{int(exponent)}"


def duration(cell: Event) -> str:
    ms = float(cell.get("ms") or 0)
    return f"{ms / 1000:.1f} s" if ms >= 1000 else f"{ms:.0f} ms" if ms >= 1 else "<1 ms"


def steps(cell: Event) -> str:
    return f"{cell.get('steps')} step{'s' * (cell.get('steps') != '1')}"


def short(cell: Event | None) -> str:
    if cell is None or cell.get("result") in NEVER_RAN:
        return "-"
    result = cell.get("result")
    text = LOUD.get(result, result)
    if result == "caught" and cell.get("by", "judge") != "judge":
        text = cell.get("by")  # the ending that the cell names
    if cell.get("steps", "0") != "0":
        return f"{text:<6} {steps(cell):>9} {duration(cell):>11}"
    return f"{text:<6} {amount(cell.number('states') or 0):>5} {interleavings(cell.get('interleavings')):>6} {duration(cell):>6}"
