# SPDX-License-Identifier: MIT
"""Tables on the explorer's own tests. They are litmus tests, counted interleavings and the reduction."""
from __future__ import annotations

from zapwalk.explored import MODELS, WRONG, colour
from zapwalk.log import Event, Log
from zapwalk.style import paint, table


def tables(logs: list[Log]) -> list[str]:
    """Returns all tables, and the explorer's own words on its limits."""
    lines = []
    for title, rows in (("Litmus tests: may it end so?", litmus(logs)), ("Interleavings, counted", counted(logs)),
                        ("Random programs, with the reduction and without", reductions(logs))):
        lines += [paint(title, "bold"), "", *map(colour, table(rows)), ""] if len(rows) > 1 else []
    limits = dict.fromkeys(event.get("text") or f"not in {event.get('model')}: {event.get('lacks')}"
                           for log in logs for event in log.all("limits"))
    return lines + ([*(f"  {text}" for text in limits), ""] if lines else [])


def answers(events: list[Event], expected: str = "expected", got: str = "got") -> str:
    """Returns the answers of all machines, and the expected answers if these differ."""
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
