#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/invariants.md against the image: its rows are the scenarios that `list` prints and the guards of
kernel/hooks/guards.def, no more and no fewer."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from tap import ROOT, boot, check, finish

DOCUMENT = ROOT / "docs/invariants.md"
GUARD = re.compile(r'^GUARD\((\w+),\s*(\w+),\s*"([^"]*)"', re.MULTILINE)

NAME = re.compile(r'\.name = "([^"]*)"')
BREAKS = re.compile(r"BREAKS\((\w+)")


@dataclass
class Facts:
    """What there is, by one account of it."""

    scenarios: dict[str, set[str]] = field(default_factory=dict)  # id -> guards that it kills
    guards: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> kind, scenario


def rows(text: str, first: str) -> list[dict[str, str]]:
    """The table whose first column is headed `first`; a row with a cell too many or too few is an empty one."""
    found: list[dict[str, str]] = []
    heads: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heads = []
        elif cells[0] == first:
            heads = cells
        elif heads and not set(line) <= set("|-: "):
            found.append(dict(zip(heads, cells)) if len(cells) == len(heads) else {})
    return found


def names(text: str) -> set[str]:
    return set() if text in ("", "-") else {name.strip() for name in text.split(",")}


def documented(text: str) -> tuple[Facts, list[str]]:
    """What the document says, and what is wrong with it on its own."""
    facts, wrong = Facts(), []
    for row in rows(text, "id"):
        name = row.get("id", "")
        if not all(row.values()) or not row:
            wrong.append(f"scenario {name!r}: a cell is missing")
        if name in facts.scenarios:
            wrong.append(f"scenario {name}: two rows")
        facts.scenarios[name] = names(row.get("guards", ""))
        source = ROOT / row.get("file", "")
        if not source.is_file() or f'"{name}"' not in source.read_text(encoding="utf-8"):
            wrong.append(f"scenario {name}: {row.get('file')} does not define it")
    for row in rows(text, "guard"):
        name = row.get("guard", "")
        if not all(row.values()) or not row:
            wrong.append(f"guard {name!r}: a cell is missing")
        if name in facts.guards:
            wrong.append(f"guard {name}: two rows")
        facts.guards[name] = row.get("kind", ""), row.get("scenario", "")
    return facts, wrong


def differences(said: dict, real: dict, what: str) -> list[str]:
    wrong = [f"{what} {name}: no row" for name in real if name not in said]
    wrong += [f"{what} {name}: a row, but there is none" for name in said if name not in real]
    return wrong + [f"{what} {name}: documented {said[name]}, is {real[name]}"
                    for name in said if name in real and said[name] != real[name]]


def complaints(text: str, real: Facts) -> list[str]:
    said, wrong = documented(text)
    return wrong + differences(said.scenarios, real.scenarios, "scenario") + differences(
        said.guards, real.guards, "guard")


def without(text: str, start: str) -> str:
    """The document without the line that begins so."""
    kept = [line for line in text.splitlines() if not line.startswith(start)]
    assert len(kept) == len(text.splitlines()) - 1, start
    return "\n".join(kept)


def test_the_test(text: str, real: Facts) -> None:
    """Every way to be wrong is seen."""
    scenario, guard = "| tlb/stale |", "| present_recheck |"
    line = next(line for line in text.splitlines() if line.startswith(scenario))
    wrong = {
        "a scenario has no row": without(text, scenario),
        "a row too many": text.replace(line, line + "\n" + line.replace("tlb/stale", "tlb/nosuch")),
        "a row twice": text.replace(line, line + "\n" + line),
        "a row with another scenario's name": text.replace(scenario, "| tlb/stales |"),
        "a row without its guard": text.replace(line, line.replace("| shootdown,", "| -,")),
        "a row with a wrong file": text.replace(line, line.replace("stale.c", "stales.c")),
        "a row with an empty cell": text.replace(line, line.replace("| shootdown, invalidate_at_clear, ipi_mb |", "| |")),
        "a guard has no row": without(text, guard),
        "a guard too many": text.replace(guard, "| nosuch | step | tlb/stale | x | y |\n" + guard),
        "a guard with a wrong kind": text.replace(guard + " step", guard + " barrier"),
        "a guard with a wrong scenario": text.replace(guard + " step | pte/torn-read", guard + " step | tlb/stale"),
        "no tables": "",
    }
    for name, changed in wrong.items():
        check(changed != text and complaints(changed, real), f"seen: {name}")


def of_other_ports(facts: Facts) -> None:
    """Scenarios that this image does not have, by their source: tests/<group>/<port>/. Their own port's test compares
    them with its image (test_mips.py)."""
    for path in sorted(ROOT.glob("tests/*/*/*.c")):
        port = path.parent.name
        if port == "x86" or not (ROOT / "arch" / port).is_dir():
            continue
        for text in re.split(r"\b(?:SCENARIO|LITMUS)\(", path.read_text(encoding="utf-8"))[1:]:
            facts.scenarios[NAME.search(text).group(1)] = set(BREAKS.findall(text))


def measured() -> Facts:
    result = boot("list", name="list")
    check(result.status == 0 and result.log, "the option list", result.text)
    facts = Facts()
    for event in result.log.all("scenario") if result.log else []:
        facts.scenarios[event.get("name")] = names(event.get("guards"))
    of_other_ports(facts)
    for name, kind, scenario in GUARD.findall((ROOT / "kernel/hooks/guards.def").read_text(encoding="utf-8")):
        facts.guards[name] = kind, scenario
    for event in result.log.all("guard") if result.log else []:
        check(facts.guards.get(event.get("name")) == (event.get("kind"), event.get("scenario")),
              f"guard {event.get('name')}: the image's is the source's")
    return facts


text = DOCUMENT.read_text(encoding="utf-8")
real = measured()
check(real.scenarios and real.guards, "there are scenarios and guards")
found = complaints(text, real)
check(not found, "docs/invariants.md has the scenarios of `list` and the guards of guards.def", "\n".join(found))
test_the_test(text, real)
finish()
