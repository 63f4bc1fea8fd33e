# SPDX-License-Identifier: MIT
"""The explorer's report, with every variant under every memory model and the guards killed there (docs/explorer.md)."""
from __future__ import annotations

import textwrap
from itertools import groupby
from typing import Iterable

from zapwalk.explored import LOUD, MODELS, NEVER_RAN, cells_of, colour, machine, short, steps
from zapwalk.explorer_tests import tables
from zapwalk.log import Event, Log
from zapwalk.style import paint, table, width

# --- the table -----------------------------------------------------------------------------------


def variants(logs: list[Log]) -> dict[tuple[str, str, str, str], dict[str, Event]]:
    """Maps (scenario, guard, choices, machine) to memory model to cell. Variants without a run are left out. A cell not run
    does not replace one of the same variant and model."""
    found: dict[tuple[str, str, str, str], dict[str, Event]] = {}
    for log in logs:
        for cell in log.all("cell"):
            key = cell.get("scenario"), cell.get("guard"), cell.get("choices"), machine(log)
            cells = found.setdefault(key, {})
            if cell.get("result") not in NEVER_RAN or cell.get("mode") not in cells:
                cells[cell.get("mode")] = cell
    ran = {key: cells for key, cells in found.items()
           if any(cell.get("result") not in NEVER_RAN for cell in cells.values())}
    return dict(sorted(ran.items(), key=lambda item: [key[0] for key in found].index(item[0][0])))


def lettered(choices: str, letters: dict[str, str]) -> str:
    """Returns the letter of these choices, because their text stands below the table."""
    if choices == "-":
        return ""
    return letters.setdefault(choices, chr(ord("a") + len(letters)) if len(letters) < 26 else f"z{len(letters)}")


def below_scenarios(heads: list[str], rows: Iterable[tuple[str, list[str]]]) -> list[list[str]]:
    """Puts the rows of one scenario below its name. All rows are as long as the heads, or longer."""
    return [row for name, same in groupby(rows, lambda pair: pair[0])
            for row in ([name] + [""] * len(heads), *(row for _, row in same))]


def matrix(logs: list[Log]) -> list[str]:
    """Returns the table of every scenario, by guard and memory model."""
    letters: dict[str, str] = {}
    heads = ["guard off", "machine", *MODELS, "with"]
    rows = below_scenarios(heads, [
        (name, [f"  {'-' if guard == 'none' else guard}", where, *(short(cells.get(model)) for model in MODELS),
                lettered(choices, letters)]) for (name, guard, choices, where), cells in variants(logs).items()])
    used = [column for column in range(len(heads)) if any(row[column] not in ("", "-") for row in rows)]
    return [paint("Explored", "bold") + ": every interleaving, under each memory model "
            f"({logs[0].guards_text} where none is off)", "",
            *map(colour, table([[row[column] for column in used] for row in [heads, *rows]])), "",
            "  held, masked: states, interleavings (loops: a wait may look again for ever), time; caught: steps to the violation;",
            "  deadlock, stop, ...: caught by that ending, which the cell names;",
            "  under a weaker model often those of the stronger, followed again. All of it for these bounds and models.",
            *(f"  {letter}: {choices.replace(',', ' ')}" for choices, letter in letters.items()), ""]


# --- what it comes to ----------------------------------------------------------------------------


def guards(logs: list[Log]) -> list[str]:
    """Names each guard once, as killed or with the reason why not."""
    off = [cell for cell in cells_of(logs) if cell.get("guard", "none") != "none"]
    killed = list(dict.fromkeys(cell.get("guard") for cell in off if cell.get("result") == "caught"))
    reasons: dict[str, str] = {}
    unseen: dict[str, list[str]] = {}  # guards by the reason why not
    for cell in off:
        if cell.get("result") in ("held", "masked") and cell.get("reason"):
            reasons.setdefault(cell.get("guard"), cell.get("reason"))
    ran = {cell.get("guard") for cell in off if cell.get("result") not in NEVER_RAN}
    for name, cell in {cell.get("guard"): cell for cell in reversed(off)}.items():
        if name not in ran and cell.get("result") == "not_observable":
            unseen.setdefault(cell.get("reason").replace("not observable here: ", "", 1), []).append(name)
    known = list(dict.fromkeys(event.get("name") for log in logs for event in log.all("guard")))
    lines = folded(f"killed ({len(killed)})", ", ".join(killed)) if killed else []
    for name in known:
        if name in ran and name not in killed:
            lines += folded(f"not killed here, {name}", reasons.get(name) or unkept(name, off, logs))
    for why, names in unseen.items():
        lines += folded(f"left to the metal ({why})", ", ".join(names))
    bare = [name for name in known if name not in {cell.get("guard") for cell in off}]
    if bare and not all(log.is_partial for log in logs):
        lines += folded("without a cell", ", ".join(bare))
    return lines


def unkept(name: str, off: list[Event], logs: list[Log]) -> str:
    """Returns the remark on a guard without a counterexample and without a reason in any cell. Strong memory hides a barrier,
    but this is no reason to drop it."""
    seen = {cell.get("mode") for cell in off if cell.get("guard") == name and cell.get("result") not in NEVER_RAN}
    scenario = next((event.get("scenario") for log in logs for event in log.all("guard") if event.get("name") == name), "")
    if MODELS[-1] in seen or not scenario:
        return "no counterexample, and no reason to keep it"
    models = ", ".join(model for model in MODELS if model in seen)
    return (f"no counterexample under {models}. That says nothing of weaker memory, which only this can show: "
            f"make explore ARGS=\"run={scenario} guard.{name}=off\"")


def folded(head: str, text: str) -> list[str]:
    return textwrap.wrap(f"{head}: {text}", width() - 4, initial_indent="  ", subsequent_indent="    ")


def speed(log: Log) -> str:
    """Sums up the searches. A counterexample followed again is no search."""
    searched = [cell for cell in log.all("cell") if cell.get("rounds", "0") != "0"]
    states, size = (sum(cell.number(key) or 0 for cell in searched) for key in ("states", "bytes"))
    if not states:
        return f"  {machine(log)}: no state was visited"
    seconds = sum(float(cell.get("ms") or 0) for cell in searched) / 1000
    return (f"  {machine(log)}: {len(searched)} searches, {states} states in {seconds:.1f} s: "
            f"{states / max(seconds, 0.001):.0f} states a second, {size / states:.0f} bytes a state")


def summary(logs: list[Log]) -> list[str]:
    """Says beside the metal's report how much was explored, and what went wrong."""
    base = [cell for cell in cells_of(logs) if cell.get("guard") == "none" and cell.get("result") not in NEVER_RAN]
    held, fell = ([cell for cell in base if cell.get("result") == result] for result in ("held", "caught"))
    lines = [paint("Explored", "bold") + f" ({', '.join(log.name for log in logs)})", "",
             f"  {len(held)} variants without a guard off held in every interleaving"
             + (f"; {len(fell)} with a historical algorithm did not, as they must" if fell else "")]
    lines += [f"  {paint(LOUD[cell.get('result')], 'red')} {cell.get('scenario')} {cell.get('mode')} "
              f"{cell.get('guard')}: {cell.get('reason')}" for cell in cells_of(logs) if cell.get("result") in LOUD]
    return lines + [speed(log) for log in logs] + [""]


def pairs(logs: list[Log]) -> list[str]:
    """Shows guards switched off by twos, because one may stand in for another. Nothing here is a kill."""
    found: dict[tuple[str, ...], dict[str, Event]] = {}
    for log in logs:
        for event in log.all("pair"):
            key = event.get("scenario"), event.get("choices"), event.get("a"), event.get("b"), machine(log)
            found.setdefault(key, {})[event.get("mode")] = event
    rows: list[tuple[str, list[str]]] = []
    for (name, choices, one, other, where), models in found.items():
        remarks = list(dict.fromkeys(filter(None, map(remark, models.values()))))
        if remarks:
            rows.append((name, [f"  {one}, {other}", where, "" if choices == "-" else choices.replace(",", " "),
                                *(together(models[model]) if model in models else "-" for model in MODELS),
                                "; ".join(remarks)]))
    if not found:
        return []
    heads = ["guards off", "machine", "with", *MODELS, ""]
    return [paint("Pairs of guards off", "bold") + " (shown, never a kill)", "",
            *map(colour, table([heads, *below_scenarios(heads, rows)])), "",
            f"  {len(found) - len(rows)} more pairs break as their guards do alone, or hold as they do.", ""]


def together(event: Event) -> str:
    result = event.get("together")
    return f"breaks {steps(event)}" if result == "violated" else result


def remark(event: Event) -> str:
    """Says what is learnt from the pair beyond its guards alone."""
    alone = event.get("alone").split(",")
    if alone == ["held", "held"] and event.get("together") == "violated":
        return "stand in for each other"
    if "violated" in alone and event.get("together") == "held":
        return f"the loss of {event.get('b') if alone[0] == 'violated' else event.get('a')} hides that of the other"
    return ""


def report(logs: list[Log]) -> list[str]:
    """Returns the report of explored logs alone."""
    lines = tables(logs) + pairs(logs)
    if variants(logs):
        lines += matrix(logs) + guards(logs) + [speed(log) for log in logs]
    return lines + [""]
