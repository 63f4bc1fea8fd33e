# SPDX-License-Identifier: MIT
"""The summary at the end of a run of mutants."""
from __future__ import annotations

from collections import Counter

from zapwalk.mutants.campaign import Outcome
from zapwalk.mutants.mutant import Mutant
from zapwalk.mutants.pick import FOLDERS, folder_of
from zapwalk.style import paint, table

COLUMNS = ("mutants", "argued", "same code", "unseen", "not tried", "compile", "tests", "survived")


def kind(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not tried"
    if outcome.what == "killed":
        return "compile" if outcome.by.startswith("compile") else "tests"
    return {"equivalent": "same code"}.get(outcome.what, outcome.what)


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def row(name: str, mutants: int, argued: int, kinds: Counter) -> list[str]:
    """Returns a row of the table. "killed" is the part of all mutants with code of their own and no argument. The last column
    leaves out those killed by the compiler."""
    killed = kinds["compile"] + kinds["tests"]
    numbers = {**kinds, "mutants": mutants, "argued": argued}
    return [name, *(str(numbers.get(column, 0)) for column in COLUMNS), percent(killed, killed + kinds["survived"]),
            percent(kinds["tests"], kinds["tests"] + kinds["survived"])]


def by_folder(tried: list[Mutant], argued: list[Mutant], outcomes: dict[str, Outcome]) -> list[str]:
    rows = [["folder", *COLUMNS, "killed", "by tests"]]
    total: Counter = Counter()
    for folder in [*FOLDERS, ""]:
        here = [mutant for mutant in tried if folder_of(mutant.path) == folder]
        told = sum(1 for mutant in argued if folder_of(mutant.path) == folder)
        kinds = Counter(kind(outcomes.get(mutant.name)) for mutant in here)
        total += kinds
        if here or told:
            rows.append(row(folder or "other", len(here) + told, told, kinds))
    rows.append(row("all", len(tried) + len(argued), len(argued), total))
    return table(rows)


def by_killer(outcomes: list[Outcome]) -> list[str]:
    killers = Counter(outcome.by.removesuffix(" (time limit)") for outcome in outcomes if outcome.what == "killed")
    late = Counter(outcome.by.removesuffix(" (time limit)") for outcome in outcomes if outcome.late)
    rows = [["killer", "killed", "of these by its time limit"]]
    rows += [[name, str(count), str(late[name]) if late[name] else ""] for name, count in killers.most_common()]
    return table(rows) if killers else []


def survivors(outcomes: list[Outcome]) -> list[str]:
    lines = []
    for outcome in outcomes:
        asked = f"asked: {outcome.by}" if outcome.by else "nobody could be asked"
        lines += [f"{paint('SURVIVED', 'red')} {outcome.place} {outcome.function}, {outcome.rule}; {asked}",
                  *(f"  {line}" for line in outcome.diff.splitlines()[2:]),
                  f"  to argue: ### {outcome.place.rpartition(':')[0]}, {outcome.function} / - {outcome.rule} `{outcome.text}`", ""]
    return lines


def lines(tried: list[Mutant], argued: list[Mutant], outcomes: dict[str, Outcome], warnings: list[str]) -> list[str]:
    ours = [outcomes[mutant.name] for mutant in tried if mutant.name in outcomes]
    alive = [outcome for outcome in ours if outcome.what == "survived"]
    blind = [outcome for outcome in ours if outcome.what == "unseen"]
    said = survivors(alive)
    said += [f"unseen: {outcome.place} {outcome.function}, {outcome.rule} `{outcome.text}`" for outcome in blind]
    said += [f"argued: {mutant.place} {mutant.function}, {mutant.rule} `{mutant.text}`" for mutant in argued]
    said += [f'# ev=warning what="{text}"' for text in warnings]
    said += ["", *by_killer(ours), "", *by_folder(tried, argued, outcomes)]
    return said
