# SPDX-License-Identifier: MIT
"""The whole report on finished logs, in one order."""
from __future__ import annotations

import re
from pathlib import Path

from zapwalk import bench, explored, explored_report, matrix, stress, witness
from zapwalk.ends import worst
from zapwalk.log import Log, Witness
from zapwalk.machines import seen_on
from zapwalk.style import paint, table
from zapwalk.verdict import BROKEN, Verdict, judge

FINDINGS = Path(__file__).resolve().parents[2] / "docs/findings.md"
ENTRY = re.compile(r"^## (F-\d+) (.*)$", re.MULTILINE)


def failed_witnesses(log: Log) -> list[Witness]:
    """Returns the witnesses of points with a failure in any pass, and of points never reached by the boot."""
    fine = {str(point.number) for point in log.points if not point.failed}
    return [one for one in log.witnesses if one.head.get("n") not in fine
            or (one.head.get("n"), one.head.get("pass")) in broken_later(log)]


def broken_later(log: Log) -> set[tuple[str, str]]:
    """Returns the points with a failure after the first pass, each with its pass."""
    return {(event.get("n"), event.get("pass")) for event in log.all("again") if event.get("result") in BROKEN}


def report(logs: list[Log], all_witnesses: bool = False) -> list[str]:
    """Returns the body, then every log's verdict."""
    return body(logs, all_witnesses) + [line for log, verdict in verdicts(logs)
                                        for line in verdict_lines(log, verdict, len(logs) > 1)]


def verdicts(logs: list[Log]) -> list[tuple[Log, Verdict]]:
    """Judges each log. An explorer's machine unable to show the rows asked for is no failure if another one can."""
    found = [(log, judge(log)) for log in logs]
    if all(explored.is_idle(log) for log in logs if explored.is_explored(log)):
        return found
    idle = Verdict("pass", ["nothing of it can be shown on this machine"])
    return [(log, idle if explored.is_explored(log) and explored.is_idle(log) else verdict) for log, verdict in found]


def body(logs: list[Log], all_witnesses: bool = False) -> list[str]:
    """Returns matrix and holes, the base variants, measurements, and failures with their witnesses."""
    if any(log.plan_skipped for log in logs):
        return [line for log in logs for line in listing(log)]
    parts: list[list[str]] = []
    with_cells = [log for log in logs if log.all("cell") or log.all("guard")]
    from_host = [log for log in with_cells if explored.is_explored(log)]
    if with_cells != from_host:
        parts.append(matrix.matrix(with_cells))
    if from_host:
        parts.append(explored_report.report(from_host) if with_cells == from_host else explored_report.summary(from_host))
    for log in logs:
        if log.all("bench"):
            parts.append(bench.bench(log))
        if log not in from_host and len(matrix.machines(with_cells)) == 1:
            parts.append(matrix.base_variants(log))
        if all_witnesses or stress.wanted(log):
            parts.append(stress.stress(log))
        parts += [findings(log), suspects(log), stress.few(log), stress.unmet(log)]
        if log not in from_host:
            parts += drawn(chosen([log], all_witnesses))
    parts += drawn(chosen(from_host, all_witnesses))
    return [line for part in parts if part for line in (part if part[-1] == "" else [*part, ""])]


def chosen(logs: list[Log], everything: bool) -> list[tuple[Log, Witness]]:
    """Returns the witnesses to show."""
    picked = [(log, one) for log in logs for one in (log.witnesses if everything else failed_witnesses(log))]
    return [pair for pair in picked if not explored.is_explored(pair[0])] + explored.shortest(
        [pair for pair in picked if explored.is_explored(pair[0])])


def drawn(witnesses: list[tuple[Log, Witness]]) -> list[list[str]]:
    return [witness.draw(one, log.variant_text(one.head.get("n"))) for log, one in witnesses]


def findings(log: Log) -> list[str]:
    """Lists the machine's known breaks of rules, and those no longer seen."""
    rows = [["no longer shows" if point.ok else "shows", point.reason.partition(",")[0], point.name]
            for point in log.points if point.directive == "TODO" and point.reason.startswith("known")]
    return [paint("Known findings", "bold") + f" ({log.name}; docs/findings.md)", "", *table(rows)] if rows else []


def suspects(log: Log) -> list[str]:
    """Lists failures known from other machines, and the options under which they are no failures."""
    points = {str(point.number): point.name for point in log.points if point.failed}
    found = {event.get("id"): points[event.get("n")] for event in log.all("finding") if event.get("n") in points}
    if not found:
        return []
    titles = dict(ENTRY.findall(FINDINGS.read_text(encoding="utf-8"))) if FINDINGS.is_file() else {}
    rows = [[name, point, titles.get(name, ""), f"(seen on {seen_on(name)})"] for name, point in sorted(found.items())]
    said = [name for option in log.options if option.startswith("known=") for name in option[len("known="):].split(",")]
    options = f"known={','.join(sorted({*found, *said}))}"
    return [paint("Failures that docs/findings.md knows", "bold") + f" ({log.name})", "", *table(rows), "",
            "  They fail the run, as nobody vouches for this machine. If the entry describes what you see here too,",
            f"  this says that you know, and the run is judged by the rest: ARGS={options}"]


def verdict_lines(log: Log, verdict: Verdict, name_it: bool = False) -> list[str]:
    """Returns the end with the kernel's counts, then the reasons, then the kernel's warnings."""
    counts = ""
    if log.done:
        parts = [f"{log.done.get(key)} {key}" for key in ("passed", "failed", "skipped", "known") if log.done.get(key)]
        counts = f" ({', '.join(parts + [log.done.get('seconds', '?') + ' s'])})"
    head = paint(verdict.end.text, verdict.end.colour) + counts
    warnings = [f"  warning: {event.get('what', '')}" for event in log.all("warning")]
    return [(f"{log.name}: " if name_it else "") + head] + [f"  {reason}" for reason in verdict.reasons] + warnings


def broken_by(log: Log, guard: str) -> str:
    """Names the scenarios with a cell for this guard off, where the rule must break."""
    return ", ".join(e.get("name") for e in log.all("scenario") if guard in e.get("guards").split(",")) or "-"


def listing(log: Log) -> list[str]:
    """Returns the output of the option `list`, with everything to ask for or to stop at."""
    parts = {
        "Scenarios": [[e.get("name"), e.get("mode"), e.get("rule")] for e in log.all("scenario")],
        "Guards": [[f"guard.{e.get('name')}=off", e.get("kind"), e.get("meaning")] for e in log.all("guard")],
        "Guards, and the scenarios that break without each": [
            [e.get("name"), broken_by(log, e.get("name"))] for e in log.all("guard")],
        "Choices": [[f"choice.{e.get('name')}={e.get('value')}", "default" if e.get("default") == "yes" else "",
                     e.get("meaning")] for e in log.all("choice")],
        "Race points": [[e.get("name"), e.get("meaning")] for e in log.all("race")],
        "Options": [[f"{e.get('name')}{e.get('form')}"] for e in log.all("option")]}
    return [line for title, rows in parts.items() if rows for line in (paint(title, "bold"), *table(rows), "")]


def exit_status(logs: list[Log]) -> int:
    """Returns the exit status of the worst end."""
    return worst(verdict.status for _, verdict in verdicts(logs)).status
