# SPDX-License-Identifier: MIT
"""The explorer's logs and the text of one of their cells (docs/explorer.md)."""
from __future__ import annotations

from zapwalk.log import Event, Log, Witness
from zapwalk.style import paint

MODELS = ("sc", "tso", "pso", "weak")  # each allows everything allowed by the ones before it
GOOD = ("caught", "held", "masked")
WRONG = "WRONG"  # an answer of the explorer's own tests
LOUD = {"not_caught": "NOT CAUGHT", "violated": "VIOLATED", "cut_off": "CUT OFF", "no_evidence": "NO EVIDENCE"}
NEVER_RAN = ("not_observable", "skipped")


def is_explored(log: Log) -> bool:
    return bool(log.all("explorer"))


def is_idle(log: Log) -> bool:
    """True if everything was skipped for a recorded reason, or if the scenario is another machine's."""
    if log.bail_out:
        return "matches no scenario" in log.bail_out
    return bool(log.points) and log.done is not None and all(point.directive == "SKIP" for point in log.points)


def is_cell(cell: Event) -> bool:
    return cell.get("mode") in MODELS


def machine(log: Log) -> str:
    return log.first("explorer").get("machine")


def order(cell: Event) -> tuple[int, int]:
    """Sorts cells of one result by the strongest memory first, then by the shortest counterexample."""
    return (MODELS.index(cell.get("mode")), cell.number("steps") or 0) if is_cell(cell) else (0, 0)


def cells_of(logs: list[Log]) -> list[Event]:
    return [cell for log in logs if is_explored(log) for cell in log.all("cell")]


def shortest(witnesses: list[tuple[Log, Witness]]) -> list[tuple[Log, Witness]]:
    """Returns one counterexample of each variant, because the same way tells no more if it is a little longer, under weaker
    memory or on another machine."""
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
    """Shortens a number, as in 404, 7.5k or 1.2M."""
    for size, unit in ((10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.{0 if number >= 100 * size else 1}f}{unit}"
    return str(number)


def interleavings(text: str) -> str:
    """Shortens a number of interleavings, from 1.273e+06 to 1.3e6. A wait without a last look has no such number."""
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
        text = cell.get("by")  # the ending named by the cell
    if cell.get("steps", "0") != "0":
        return f"{text:<6} {steps(cell):>9} {duration(cell):>11}"
    return f"{text:<6} {amount(cell.number('states') or 0):>5} {interleavings(cell.get('interleavings')):>6} {duration(cell):>6}"
