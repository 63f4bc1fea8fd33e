# SPDX-License-Identifier: MIT
"""Whether a log says pass. The kernel decides; this only refuses logs that contradict themselves."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from zapwalk.log import Log

BROKEN = ("violated", "not_caught", "broken", "no_evidence", "cut_off")


@dataclass
class Verdict:
    """status: pass, incomplete, fail or died. reasons: why it is not a pass, most telling first."""

    status: str
    reasons: list[str]

    @property
    def exit_status(self) -> int:
        return 0 if self.status == "pass" else 1


def judge(log: Log) -> Verdict:
    reasons = [f"Bail out! {log.bail_out}"] if log.bail_out else []
    if not log.header and not log.bail_out:
        return Verdict("died", reasons + ["no report in it: the line `TAP version 13` is missing"])
    if log.done is None:
        last = log.last_line or "nothing"
        return Verdict("died", reasons + [f"it ends before the kernel's last line (`# ev=done`), after: {last}"])
    reasons += failures(log)
    if not log.bail_out:
        reasons += contradictions(log)
    status = log.done.get("status")
    if status == "pass" and reasons:
        status = "fail"
    elif status == "incomplete" and not reasons:
        reasons.append("the kernel calls its run incomplete" + what_is_missing(log))
    elif status != "pass" and not reasons:
        reasons.append(f"the kernel says status={status}")
    return Verdict(status or "fail", reasons)


def what_is_missing(log: Log) -> str:
    silent = [event.get("n") for event in log.all("cpu") if event.get("state") == "silent"]
    unused = log.first("firmware").number("ignored") or 0
    parts = [f"CPU {number} did not start" for number in silent]
    parts += [f"stray interrupts keep coming on CPU {event.get('cpu')}" for event in log.all("warning")
              if event.get("what", "").startswith("stray interrupts keep coming")]
    parts += [f"{unused} of the firmware's CPUs are not used"] if unused else []
    parts += ["the firmware's list of CPUs is damaged, so some may be missing"] if log.first("firmware").number("cut") else []
    return f": {', '.join(parts)}" if parts else ""


def failures(log: Log) -> list[str]:
    failed = [point.name for point in log.points if point.failed]
    if not failed:
        return []
    shown = "; ".join(failed[:3]) + ("; ..." if len(failed) > 3 else "")
    return [f"{len(failed)} of {len(log.points)} failed: {shown}"]


def contradictions(log: Log) -> list[str]:
    """Everything in which the log disagrees with itself."""
    found = []
    if log.died_before:
        found.append(f"{log.died_before} earlier boot(s) in this log ended without their last line")
    if log.plan is None:
        found.append("there is no plan (1..N)")
    elif [point.number for point in log.points] != list(range(1, log.plan + 1)):
        found.append(f"the plan is 1..{log.plan}, the points are {numbers(log)}")
    if not log.points and not log.plan_skipped:
        found.append("nothing ran")
    if log.after_done:
        found.append(f"there is output after the last line: {log.after_done[0]}")
    found += wrong_counts(log)
    passed_points = {point.number for point in log.points if point.ok}
    for cell in log.all("cell"):
        if cell.get("result") in BROKEN and cell.number("n") in passed_points:
            found.append(f"point {cell.get('n')} is ok, but its cell says {cell.get('result')}")
    return found


def numbers(log: Log) -> str:
    listed = [point.number for point in log.points]
    return f"{listed[0]}..{listed[-1]} ({len(listed)} of them)" if listed else "none"


def wrong_counts(log: Log) -> list[str]:
    """done's counts against the points; known are the TODO points."""
    assert log.done is not None
    counted = Counter(kind_of(point) for point in log.points)
    wrong = []
    for kind in ("passed", "failed", "skipped", "known"):
        said = log.done.number(kind)
        if said is None:
            wrong.append(f"the last line has no {kind}=")
        elif said != counted[kind]:
            wrong.append(f"the last line says {kind}={said}, the points say {counted[kind]}")
    return wrong


def kind_of(point) -> str:
    if point.directive == "SKIP":
        return "skipped"
    if point.directive == "TODO":
        return "known"
    return "passed" if point.ok else "failed"
