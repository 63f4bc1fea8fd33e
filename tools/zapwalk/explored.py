# SPDX-License-Identifier: MIT
"""What the explorer found: every variant under every memory model, and which guards that kills (docs/explorer.md)."""
from __future__ import annotations

import textwrap
from itertools import groupby
from typing import Iterable

from zapwalk.log import Event, Log, Witness
from zapwalk.style import paint, table, width

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


# --- one cell in a few characters ----------------------------------------------------------------


def amount(number: int) -> str:
    """404, 7.5k, 1.2M"""
    for size, unit in ((10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.{0 if number >= 100 * size else 1}f}{unit}"
    return str(number)


def ways(text: str) -> str:
    """Interleavings: 1.273e+06 becomes 1.3e6; a wait that may look again for ever has no number of them."""
    if text == "endless":
        return "loops"
    try:
        value = float(text)
    except ValueError:
        return "-"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{value:.0f}" if value < 10000 else f"{mantissa}e{int(exponent)}"


def time(cell: Event) -> str:
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
        return f"{text:<6} {steps(cell):>9} {time(cell):>11}"
    return f"{text:<6} {amount(cell.number('states') or 0):>5} {ways(cell.get('interleavings')):>6} {time(cell):>6}"


# --- the table -----------------------------------------------------------------------------------


def variants(logs: list[Log]) -> dict[tuple[str, str, str, str], dict[str, Event]]:
    """(scenario, guard, choices, machine) -> memory model -> cell; those that ran nowhere are left out, and so is one
    that is for other machines beside one that ran."""
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
    """Choices are told below the table."""
    if choices == "-":
        return ""
    return letters.setdefault(choices, chr(ord("a") + len(letters)) if len(letters) < 26 else f"z{len(letters)}")


def below_scenarios(heads: list[str], rows: Iterable[tuple[str, list[str]]]) -> list[list[str]]:
    """The rows of one scenario stand below its name. All are as long as the heads, or longer."""
    return [row for name, same in groupby(rows, lambda pair: pair[0])
            for row in ([name] + [""] * len(heads), *(row for _, row in same))]


def matrix(logs: list[Log]) -> list[str]:
    """Every scenario by guard by memory model."""
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


def colour(line: str) -> str:
    for text in (*LOUD.values(), WRONG):
        line = line.replace(text, paint(text, "red"))
    return line.replace("caught", paint("caught", "green"))


# --- what it comes to ----------------------------------------------------------------------------


def cells_of(logs: list[Log]) -> list[Event]:
    return [cell for log in logs if is_explored(log) for cell in log.all("cell")]


def guards(logs: list[Log]) -> list[str]:
    """Each guard once: killed, or why not."""
    off = [cell for cell in cells_of(logs) if cell.get("guard", "none") != "none"]
    killed = list(dict.fromkeys(cell.get("guard") for cell in off if cell.get("result") == "caught"))
    reasons: dict[str, str] = {}
    unseen: dict[str, list[str]] = {}  # why not -> guards
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
    """A guard that held, and no cell says why. Strong memory hides barriers, which is no reason to drop one."""
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
    """Of what was searched; a counterexample that was followed again is no search."""
    searched = [cell for cell in log.all("cell") if cell.get("rounds", "0") != "0"]
    states, size = (sum(cell.number(key) or 0 for cell in searched) for key in ("states", "bytes"))
    if not states:
        return f"  {machine(log)}: no state was visited"
    seconds = sum(float(cell.get("ms") or 0) for cell in searched) / 1000
    return (f"  {machine(log)}: {len(searched)} searches, {states} states in {seconds:.1f} s: "
            f"{states / max(seconds, 0.001):.0f} states a second, {size / states:.0f} bytes a state")


def shortest(witnesses: list[tuple[Log, Witness]]) -> list[tuple[Log, Witness]]:
    """One of each variant: the same way, a little longer, under weaker memory or on another machine tells no more."""
    best: dict[tuple[str, str, str], tuple[Log, Witness]] = {}
    for log, one in witnesses:
        cell = log.cell(one.head.get("n"))
        key = cell.get("scenario"), cell.get("guard"), cell.get("choices")
        if key not in best or len(one.steps) < len(best[key][1].steps):
            best[key] = log, one
    return list(best.values())


def summary(logs: list[Log]) -> list[str]:
    """Beside the metal's report: how much was explored, and what went wrong."""
    base = [cell for cell in cells_of(logs) if cell.get("guard") == "none" and cell.get("result") not in NEVER_RAN]
    held, fell = ([cell for cell in base if cell.get("result") == result] for result in ("held", "caught"))
    lines = [paint("Explored", "bold") + f" ({', '.join(log.name for log in logs)})", "",
             f"  {len(held)} variants without a guard off held in every interleaving"
             + (f"; {len(fell)} with a historical algorithm did not, as they must" if fell else "")]
    lines += [f"  {paint(LOUD[cell.get('result')], 'red')} {cell.get('scenario')} {cell.get('mode')} "
              f"{cell.get('guard')}: {cell.get('reason')}" for cell in cells_of(logs) if cell.get("result") in LOUD]
    return lines + [speed(log) for log in logs] + [""]


def pairs(logs: list[Log]) -> list[str]:
    """Guards off by twos: which stands in for which. Nothing here is a kill."""
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
    """What the pair says that its guards alone do not."""
    alone = event.get("alone").split(",")
    if alone == ["held", "held"] and event.get("together") == "violated":
        return "stand in for each other"
    if "violated" in alone and event.get("together") == "held":
        return f"the loss of {event.get('b') if alone[0] == 'violated' else event.get('a')} hides that of the other"
    return ""


def report(logs: list[Log]) -> list[str]:
    """Of explored logs alone."""
    lines = harnesses(logs) + pairs(logs)
    if variants(logs):
        lines += matrix(logs) + guards(logs) + [speed(log) for log in logs]
    return lines + [""]


# --- the explorer's own tests --------------------------------------------------------------------


def harnesses(logs: list[Log]) -> list[str]:
    """Tables against which the explorer itself is held: litmus tests, counted interleavings, the reduction."""
    lines = []
    for title, rows in (("Litmus tests: may it end so?", litmus(logs)), ("Interleavings, counted", counted(logs)),
                        ("Random programs, with the reduction and without", reductions(logs))):
        lines += [paint(title, "bold"), "", *map(colour, table(rows)), ""] if len(rows) > 1 else []
    limits = dict.fromkeys(event.get("text") or f"not in {event.get('model')}: {event.get('lacks')}"
                           for log in logs for event in log.all("limits"))
    return lines + ([*(f"  {text}" for text in limits), ""] if lines else [])


def answers(events: list[Event], expected: str = "expected", got: str = "got") -> str:
    """What all machines say, and what they should have said if that is something else."""
    said, wanted = (" ".join(dict.fromkeys(event.get(key) for event in events)) for key in (got, expected))
    return said if said == wanted else f"{said} {WRONG}: {wanted}"


def litmus(logs: list[Log]) -> list[list[str]]:
    found: dict[tuple[str, str, str], dict[str, list[Event]]] = {}
    for event in (event for log in logs for event in log.all("litmus")):
        key = event.get("name"), event.get("threads"), event.get("asks")
        found.setdefault(key, {}).setdefault(event.get("model"), []).append(event)
    return [["test", "threads", "ends with", *MODELS]] + [
        [*key, *(answers(models[model]) if model in models else "-" for model in MODELS)]
        for key, models in found.items()]


def counted(logs: list[Log]) -> list[list[str]]:
    found: dict[str, list[Event]] = {}
    for event in (event for log in logs for event in log.all("count")):
        found.setdefault(event.get("name"), []).append(event)
    return [["program", "bad/all", "every access a step"]] + [
        [name, answers(events), answers(events, "expected-whole", "got-whole")] for name, events in found.items()]


def reductions(logs: list[Log]) -> list[list[str]]:
    rows = [["model", "programs", "outcomes lost", "wrong", "forbidden"]]
    for model in MODELS:
        events = [event for log in logs for event in log.all("reduction") if event.get("model") == model]
        sums = [sum(event.number(key) or 0 for event in events) for key in ("lost", "wrong", "forbidden")]
        rows += [[model, str(len(events)), *map(str, sums)]] if events else []
    return rows
