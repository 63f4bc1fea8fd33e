# SPDX-License-Identifier: MIT
"""The lines below the kill matrix, with the guards not caught and the reasons.

A hole is a guard caught neither by a machine nor by the explorer, so it takes the explorer's logs to call one so. With logs of
machines alone, the lines say why these machines do not show the guard. A guard left out by the user's own options is neither.
"""
from __future__ import annotations

import re
from typing import Iterable

from zapwalk import explored
from zapwalk.log import Event, Log
from zapwalk.style import paint

# A reason with such a beginning comes from the options of the command line (tests/lab/skip.c).
BY_OPTION = ("another guard is off", "this variant is about choice.", "safe: ")
NOT_RUN = "no scenario of it runs here"
TELLING = ("not_caught", "violated", "broken", "no_evidence", "not_observed", "masked", "held", "not_observable", "skipped")


def holes(logs: list[Log], known: dict[str, Event]) -> list[str]:
    """Returns the lines. `known` has every guard announced by the logs."""
    cells = [cell for log in logs for cell in log.all("cell")]
    caught = {cell.get("guard") for cell in cells if cell.get("result") == "caught"}
    missing = [guard for name, guard in known.items() if name not in caught]
    not_asked = not_asked_for(logs, missing)
    by_option = [guard for guard in missing if guard not in not_asked and is_by_option(logs, guard)]
    left = [guard for guard in missing if guard not in not_asked + by_option]
    if any(explored.is_explored(log) and not log.is_partial for log in logs):
        lines = ["", *of_all(left, cells)]
    else:
        lines = ["", *of_machines(logs, left)]
    if by_option:
        lines.append(f"  left out by your options: {names(by_option)}")
    if not_asked:
        steps = [guard for guard in not_asked if not is_barrier(guard)]
        lines.append(f"  not asked for: {len(steps)} other steps, {len(not_asked) - len(steps)} barriers")
    return lines


def not_asked_for(logs: list[Log], missing: list[Event]) -> list[Event]:
    """Returns the guards never tried, if every log has only a part of the possible rows."""
    return [guard for guard in missing if not cells_of(logs, guard)] if all(log.is_partial for log in logs) else []


def names(guards: Iterable[Event]) -> str:
    return ", ".join(guard.get("name") for guard in guards)


def is_barrier(guard: Event) -> bool:
    return guard.get("kind") == "barrier"


def cells_of(logs: list[Log], guard: Event) -> list[tuple[Log, Event]]:
    return [(log, cell) for log in logs for cell in log.all("cell") if cell.get("guard") == guard.get("name")]


def is_by_option(logs: list[Log], guard: Event) -> bool:
    """True if each row of the guard was skipped for an option of the command line."""
    found = cells_of(logs, guard)
    return bool(found) and all(
        cell.get("result") == "skipped" and (cell.get("reason").startswith(BY_OPTION) or lacks_cpus(log, cell))
        for log, cell in found)


def lacks_cpus(log: Log, cell: Event) -> bool:
    return cell.get("reason").startswith("needs ") and any(option.startswith("cpus=") for option in log.options)


def too_few_cpus(guard: Event, cells: list[Event]) -> str:
    """Returns how many CPUs a step's row needs if a machine skipped it for them, and "" otherwise. Two are never too many,
    because that is the default."""
    reasons = [cell.get("reason") for cell in cells if cell.get("guard") == guard.get("name") and cell.get("result") == "skipped"]
    return "" if is_barrier(guard) else next((each for each in reasons if re.fullmatch(r"needs ([3-9]|\d\d+) CPUs", each)), "")


def of_all(left: list[Event], cells: list[Event]) -> list[str]:
    """Lists the guards caught by nobody. A guard whose row had too few CPUs everywhere is told apart, with their number."""
    few = {guard.get("name"): reason for guard in left if (reason := too_few_cpus(guard, cells))}
    open_steps = names(guard for guard in left if not is_barrier(guard) and guard.get("name") not in few)
    lines = [f"  holes: {paint(open_steps, 'yellow') if open_steps else 'none'}"]
    lines += [f"  not shown with so few CPUs: {name}: {reason}" for name, reason in few.items()]
    kept: dict[str, str] = {name: reason_to_keep(name, cells)
                            for name in (guard.get("name") for guard in left if is_barrier(guard))}
    lines += [f"  a barrier that nothing kills: {name}: {reason}" for name, reason in kept.items() if reason]
    unkept = [name for name, reason in kept.items() if not reason]
    return lines + ([f"  barriers, holes: {', '.join(unkept)}"] if unkept else [])


def reason_to_keep(guard: str, cells: list[Event]) -> str:
    """Returns the reason of the explorer's cells for a guard that stays although nothing breaks without it, or ""."""
    return next((cell.get("reason") for cell in cells if cell.get("guard") == guard and explored.is_cell(cell)
                 and cell.get("result") in ("held", "masked") and cell.get("reason")), "")


def of_machines(logs: list[Log], left: list[Event]) -> list[str]:
    """Lists the guards by the reasons why these machines do not show them."""
    barriers = [guard for guard in left if is_barrier(guard) and not cells_of(logs, guard)]
    why: dict[str, list[str]] = {}
    for guard in left:
        if guard not in barriers:
            why.setdefault(reason(logs, guard), []).append(guard.get("name"))
    if not left:
        return []
    head = "  not shown on this machine:" if len(logs) == 1 else "  not shown on these machines:"
    return [head, *(f"    {', '.join(found)}: {text}" for text, found in why.items()),
            *([f"    {len(barriers)} barriers: only the explorer can show them (make explore)"] if barriers else [])]


def reason(logs: list[Log], guard: Event) -> str:
    """Returns the reason of the most telling cell."""
    found = [cell for _, cell in cells_of(logs, guard)]
    if not found:
        return NOT_RUN
    cell = min(found, key=lambda one: TELLING.index(one.get("result")) if one.get("result") in TELLING else -1)
    result, text = cell.get("result"), cell.get("reason").removeprefix("not observable here: ")
    if result == "masked":
        return f"masked by {text}"
    if result == "not_caught":
        return "NOT CAUGHT, which fails the run"
    if result == "not_observed":
        return f"not observed in {cell.get('tries', '?')} tries"
    return text or result
