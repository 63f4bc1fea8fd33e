# SPDX-License-Identifier: MIT
"""Runs the lab's self-tests on any machine. They fail if the lab misses a guard really off, or catches one still on."""
from __future__ import annotations

import itertools
import re

from tap import ROOT, Result, boot, check
from zapwalk import invariants, scenarios
from zapwalk.holes import NOT_RUN
from zapwalk.log import Event, Log
from zapwalk.report import failed_witnesses



def cells(log: Log | None, result: str) -> list[Event]:
    return [cell for cell in log.all("cell") if cell.get("result") == result] if log else []


def kills(log: Log | None) -> list[Event]:
    """Returns the cells in which a guard was off and certainly caught. Stress is left out, because it may miss the next
    time. A historical algorithm is left out as well, because all its guards are on."""
    return [cell for cell in cells(log, "caught") if cell.get("guard") != "none" and cell.get("mode") != "stress"]


def options_of(cell: Event) -> str:
    """Returns the command line of this cell, for a boot in which the base variants become the cell's variant."""
    choices = [] if cell.get("choices", "-") == "-" else cell.get("choices").split(",")
    return " ".join([f"run={cell.get('scenario')}", f"mode={cell.get('mode')}", f"guard.{cell.get('guard')}=off",
                     *(f"choice.{choice}" for choice in choices)])


def names_a_place(step: Event) -> bool:
    function, _, line = step.get("at").rpartition(":")
    return bool(function) and line.isdigit()


def nothing_from_nothing(*arguments: str) -> None:
    """With every role idle, no scenario of group hw may say that its rule held, even if its counters are not zero."""
    result = boot("run=hw/* lab.idle=all", arguments, name=f"nothing-{'-'.join(arguments)}")
    points = result.log.points if result.log else []
    check(points and not [p.name for p in points if p.ok and not p.directive], "lab.idle=all: no scenario of hw/ holds", result.text)
    reasons = [cell.get("reason") for cell in cells(result.log, "no_evidence") + cells(result.log, "skipped")]
    check({reason.partition(":")[0] for reason in reasons} >= {"thin evidence", "hardly any overlap"} and
          any(reason.endswith("are the least") for reason in reasons), "lab.idle=all: they say what was too little", reasons)
    check(result.log and result.log.done and not result.log.bail_out, "lab.idle=all: the run ends as any other", result.text)


def has_evidence(default: Result) -> None:
    """A design rule. If a variant holds, it must give its evidence, because otherwise it has not been tested."""
    held = cells(default.log, "held")
    check(held, "the default run has base variants that held")
    for cell in held:
        check(len(cell.get("evidence")) > 5, f"{cell.get('scenario')} {cell.get('choices')}: held, with evidence",
              cell.line)


def reasons(text: str) -> dict[str, str]:
    """Returns the reason for each guard in the report's list "not shown"."""
    block = text.partition("  not shown on this machine:\n")[2]
    lines = itertools.takewhile(lambda line: line.startswith("    "), block.splitlines())
    found = [line.strip().partition(": ") for line in lines]
    return {name: why for names, _, why in found for name in names.split(", ")}


def guards_are_complete(default: Result) -> None:
    """A step guard must be caught if its scenario is in the image and the machine can show it. For every other step
    guard the report must give the reason."""
    log = default.log
    caught = {cell.get("guard") for cell in cells(log, "caught")}
    scenarios = {cell.get("scenario") for cell in log.all("cell")} if log else set()
    invisible = {cell.get("guard") for cell in cells(log, "not_observable")} - caught
    check("holes" not in default.text, "a run that passed has no holes", default.text)
    why = reasons(default.text)
    few = {cell.get("guard"): cell.get("reason") for cell in cells(log, "skipped") if re.match(r"needs \d+ CPUs", cell.get("reason"))}
    for guard in log.all("guard") if log else []:
        name = guard.get("name")
        if name in invisible:
            cell = next(cell for cell in cells(log, "not_observable") if cell.get("guard") == name)
            check(why.get(name) and (why[name] in cell.get("reason") or why[name].startswith("masked by ")),
                  f"guard {name}: not observable here, and why", why.get(name), cell.line)
        elif name in few and name not in caught:
            check(why.get(name) == few[name], f"guard {name}: needs more CPUs than the default run has", why.get(name))
        elif guard.get("kind") == "step" and guard.get("scenario") in scenarios:
            check(name in caught, f"guard {name}: caught in the default run", default.text)
        elif guard.get("kind") == "step" and name not in caught:
            check(why.get(name) == NOT_RUN, f"guard {name}: without a scenario, which is said", default.text)


def each_guard_off(default: Result, machine: tuple[str, ...]) -> None:
    """Repeats each kill of the default run in a boot of its own. The run must fail, with a witness from that scenario,
    and every step must name its place."""
    for number, cell in enumerate(kills(default.log)):
        options = options_of(cell)
        result = boot(options, machine, name=f"off{number}")
        check(result.status == 1 and result.says("FAIL ("), f"{options}: fails", result.text)
        check(result.log and result.log.done and result.log.done.get("status") == "fail",
              f"{options}: the kernel says so itself", result.text)
        seen = failed_witnesses(result.log) if result.log else []
        own = [w for w in seen if w.head.get("scenario") == cell.get("scenario") and w.steps]
        check(own, f"{options}: the witness comes from {cell.get('scenario')}", result.text)
        check(own and all(names_a_place(step) for step in own[0].steps),
              f"{options}: every step stands at function:line", result.text)
        check(own and own[0].head.get("rule") and own[0].head.get("saw"), f"{options}: says the rule and what was seen")
        if cell.get("mode") == "choreo":
            check(own and len({step.get("cpu") for step in own[0].steps}) > 1, f"{options}: the steps of two CPUs")
        check("Witness of point" in result.text, f"{options}: the witness is drawn", result.text)


def stuck_guards(default: Result, machine: tuple[str, ...]) -> None:
    """Guards are off for the lab but stay on in the code, so no cell may say "caught"."""
    result = boot("lab.guards=stuck seconds=1", machine, name="stuck")
    check(result.status == 1, "lab.guards=stuck: fails", result.text)
    check(not cells(result.log, "caught") and "  caught " not in result.text, "lab.guards=stuck: no cell says caught",
          result.text)
    missed = {(cell.get("guard"), cell.get("choices")) for cell in cells(result.log, "not_caught")}
    for cell in kills(default.log):
        check((cell.get("guard"), cell.get("choices")) in missed,
              f"lab.guards=stuck: {cell.get('guard')} {cell.get('choices')} is NOT CAUGHT")
    check("NOT CAUGHT" in result.text, "lab.guards=stuck: the matrix says NOT CAUGHT", result.text)


def idle_in_choreo(machine: tuple[str, ...]) -> None:
    """An idle role never finishes. So no choreography has evidence, and its judge must not be believed."""
    for role in ("writer", "walker"):
        result = boot(f"mode=choreo lab.idle={role}", machine, name=f"idle-choreo-{role}")
        said = {cell.get("result") for cell in result.log.all("cell")} if result.log else set()
        check(result.status == 1 and said - {"not_observable", "skipped"} == {"no_evidence"},
              f"lab.idle={role} mode=choreo: every cell says NO EVIDENCE", said, result.text)


def lab_is_sound(*machine: str) -> Result:
    """Runs all self-tests on a machine and returns the result of the default run. `machine` holds options of
    tools/run."""
    default = boot("", machine, name="default")
    check(default.status == 0, "the default run passes", default.text)
    check(kills(default.log), "the default run catches broken variants", default.text)
    check(not cells(default.log, "not_caught"), "no cell of the default run says NOT CAUGHT", default.text)
    check(default.log and not default.log.all("warning"), "the default run warns of nothing", default.text)
    has_evidence(default)
    guards_are_complete(default)
    each_guard_off(default, machine)
    stuck_guards(default, machine)
    idle_in_choreo(machine)
    return default


def scenarios_are_documented(machine: str, arch: str) -> None:
    """docs/invariants.md must have exactly the scenarios listed by the image, apart from the scenarios of other
    ports."""
    result = boot("list", ("--machine", machine), name="list")
    listed = {event.get("name") for event in result.log.all("scenario")} if result.log else set()
    documented = {name for each in invariants.sections((ROOT / invariants.DOCUMENT).read_text(encoding="utf-8")) for name in each.ids}
    others = {each.name for each in scenarios.scenarios(ROOT) if each.port not in ("", arch)}
    ours = documented - others
    check(listed and listed == ours, "docs/invariants.md has the scenarios of this port", listed ^ ours)
