# SPDX-License-Identifier: MIT
"""Draws a witness, an interleaving with a broken rule. Time runs down, and each CPU has a column."""
from __future__ import annotations

import textwrap

from zapwalk.log import Event, Witness
from zapwalk.style import paint, width


def title(witness: Witness, variant: str) -> str:
    return f"{witness.head.get('scenario')} with {variant}"


def action(step: Event) -> list[str]:
    """Returns the action of a step, and its place."""
    value = step.get("value")
    did = step.get("do", "?") + (f" = {value}" if value else "")
    return [did] + [f"{key}: {step.get(key)}" for key in ("buffer", "note") if step.get(key)] + [f"  {place(step)}"] * bool(place(step))


def place(step: Event) -> str:
    """Returns "function, file:line". Returns "" for steps not done by a program, such as an interrupt or a store on its way that
    reaches memory."""
    at, file = step.get("at", "?"), step.get("file")
    function, _, line = at.rpartition(":")
    return "" if at == "-" else f"{function}, {file}:{line}" if file else at


def lanes(witness: Witness) -> list[tuple[str, str]]:
    """Returns (cpu, role) in the order of CPU numbers. The role may be told by a later step of the CPU."""
    roles: dict[str, str] = {}
    for step in witness.steps:
        cpu = step.get("cpu", "?")
        roles[cpu] = roles.get(cpu) or step.get("role")
    return sorted(roles.items(), key=lambda lane: (len(lane[0]), lane[0]))


def columns(witness: Witness) -> list[str]:
    columns_of = lanes(witness)
    if not columns_of:
        return ["  (the log has no steps for it)"]
    each, cpus = max(24, (width() - 6) // len(columns_of) - 3), [cpu for cpu, _ in columns_of]
    heads = [f"CPU {cpu}" + (f", {role}" if role else "") for cpu, role in columns_of]
    lines = [row("", heads, each), row("", ["-" * min(each, 40)] * len(heads), each)]
    for number, step in enumerate(witness.steps, 1):
        parts = [piece for text in action(step) for piece in fold(text, each)]
        for i, part in enumerate(parts):
            texts = [""] * len(heads)
            texts[cpus.index(step.get("cpu", "?"))] = part
            lines.append(row(str(number) if i == 0 else "", texts, each))
    return lines


def fold(text: str, size: int) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(text.strip(), size, initial_indent=indent, subsequent_indent=indent + "  ") or [""]


def row(number: str, texts: list[str], each: int) -> str:
    return f"  {number:>3} " + " | ".join(text.ljust(each) for text in texts).rstrip(" |")


def in_pass(witness: Witness) -> str:
    """Names the pass if it is after the first."""
    number = witness.head.get("pass", "1")
    return f" in pass {number}" if number != "1" else ""


def draw(witness: Witness, variant: str) -> list[str]:
    """Returns the drawing. `variant` has the variant's own options, such as guard.present_recheck=off."""
    lines = [paint("Witness", "bold") + f" of point {witness.head.get('n', '?')}{in_pass(witness)}: {title(witness, variant)}"]
    for key in ("rule", "saw", "see"):
        if witness.head.get(key):
            lines += textwrap.wrap(f"{key + ':':<6}{witness.head.get(key)}", width() - 4, initial_indent="  ",
                                   subsequent_indent=" " * 8)
    rest = [f"      ... and {witness.lost} more steps that were not recorded"] if witness.lost else []
    return lines + [""] + columns(witness) + rest
