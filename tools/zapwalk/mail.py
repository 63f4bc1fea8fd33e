# SPDX-License-Identifier: MIT
"""The option mail=FILE. It writes witnesses as text of 72 columns for a mailing list, with everything needed to see them again."""
from __future__ import annotations

import re
import textwrap
from pathlib import Path

from zapwalk import explored, report, witness
from zapwalk.log import Event, Log, Witness
from zapwalk.machines import DEFAULT, MACHINES

WIDTH = 72
MAP = Path(__file__).resolve().parents[2] / "docs/linux-map.md"
ROW = re.compile(r"^\| ([^|]*`[^|]*) \| ([^|]+) \|", re.MULTILINE)
KEPT = ("guard.", "choice.", "cpus=", "safe")  # options of the run needed by a repetition


def linux_names() -> dict[str, str]:
    """Returns our functions, each with its name in Linux by docs/linux-map.md."""
    if not MAP.is_file():
        return {}
    rows = ROW.findall(MAP.read_text(encoding="utf-8"))
    return {name: " ".join(theirs.split()) for ours, theirs in rows if theirs.strip() not in ("-", "none", "Linux")
            for name in re.findall(r"`(\w+)\([^`]*\)`", ours)}


def git_id(log: Log) -> str:
    return log.first("boot").get("git") or log.first("explorer").get("git") or "unknown"


def repeated(log: Log, one: Witness) -> str:
    """Returns the command for seeing it again."""
    cell = log.cell(one.head.get("n"))
    guard, choices, mode = cell.get("guard", "none"), cell.get("choices", "-"), cell.get("mode")
    options = [f"run={one.head.get('scenario')}", *([f"guard.{guard}=off"] if guard != "none" else []),
             *(f"choice.{choice}" for choice in choices.split(",") if choices != "-")]
    options += [option for option in log.options if option.startswith(KEPT) and option not in options]
    if explored.is_explored(log):
        return f'make explore ARGS="{" ".join([*options, f"model={mode}"])}"'
    own = [f"{key}={value}" for key, value in (("mode", mode), ("seed", log.first("lab").get("seed"))) if value]
    return " ".join(["make run", *([f"MACHINE={log.name}"] if log.name in MACHINES and log.name != DEFAULT else []),
                     f'ARGS="{" ".join([*options, *own])}"'])


def command_lines(command: str) -> list[str]:
    """Breaks a command into lines. A shell joins them again, inside quotes too."""
    lines = textwrap.wrap(command, WIDTH - 4, initial_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [f"{line} \\" for line in lines[:-1]] + lines[-1:]


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False,
                         break_on_hyphens=False)


def step_lines(number: int, step: Event) -> list[str]:
    head = f"{number:3} CPU {step.get('cpu', '?')}  "
    lines = wrapped(step.get("do", "?") + (f" = {step.get('value')}" if step.get("value") else ""), head, " " * len(head))
    for text in [*(f"{key}: {text}" for key in ("buffer", "note") if (text := step.get(key))),
                 *([witness.place(step)] if witness.place(step) else [])]:
        lines += wrapped(text, " " * len(head) + "  ", " " * len(head) + "    ")
    return lines


def named(one: Witness) -> list[str]:
    """Returns Linux's names of the functions in the witness."""
    names, seen = linux_names(), []
    for step in one.steps:
        function = step.get("at").rpartition(":")[0]
        if function in names and function not in seen:
            seen.append(function)
    return [line for function in seen for line in wrapped(f"{function}(): {names[function]}", "  ", "    ")]


def mail(log: Log, one: Witness) -> list[str]:
    variant = log.variant_text(one.head.get("n"))
    lines = wrapped(f"{one.head.get('scenario')} with {variant}")
    for key, text in (("Rule", one.head.get("rule")), ("Saw", one.head.get("saw")), ("See", one.head.get("see"))):
        lines += wrapped(text, f"{key}: ", "      ") if text else []
    lines += ["", *wrapped(f"Zapwalk, git {git_id(log)}. To see it again:"), "", *command_lines(repeated(log, one)), ""]
    if roles := ", ".join(f"CPU {cpu}: {role}" for cpu, role in witness.lanes(one) if role):
        lines += [*wrapped(roles), ""]
    lines += [line for number, step in enumerate(one.steps, 1) for line in step_lines(number, step)]
    lines += [f"    ... and {one.lost} more steps that were not recorded"] if one.lost else []
    if linux := named(one):
        lines += ["", "In Linux:", *linux]
    return lines


def save(logs: list[Log], everything: bool, path: Path) -> str:
    """Writes the same witnesses as a picture would have (zapwalk.svg). Returns a complaint, or ""."""
    picked = report.chosen(logs, everything) or report.chosen(logs, True)
    if not picked:
        return "mail: there is no witness in the log (the option `verbose` prints one for every caught cell)"
    text = "\n\n-- \n\n".join("\n".join(mail(log, one)) for log, one in picked)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        return f"mail: {path}: {error.strerror}"
    print(f"{path}: {len(picked)} witness(es)")
    return ""
