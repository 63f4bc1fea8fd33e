# SPDX-License-Identifier: MIT
"""Judges how the run of a log ended. The kernel decides, but a log contradicting itself is refused, and the CPUs and memory asked
for are compared with those found."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from zapwalk.ends import ENDS, End
from zapwalk.log import Log, Point

BROKEN = ("violated", "not_caught", "broken", "no_evidence", "cut_off")
SHOWN_AT_MOST = 3  # lines of each kind


@dataclass
class Verdict:
    """A run's end. `status` is one of zapwalk.ends. `reasons` say why it is not a pass, with the most telling first."""

    status: str
    reasons: list[str]

    @property
    def end(self) -> End:
        return ENDS[self.status]

    @property
    def exit_status(self) -> int:
        return self.end.status


def judge(log: Log) -> Verdict:
    """Judges a log. tools/run saw the emulator too, so its own lines in the log stand."""
    said = log.all("run")
    if said and said[0].get("end") in ENDS:
        return Verdict(said[0].get("end"), [event.get("why") for event in said])
    return read(log)


def read(log: Log) -> Verdict:
    """Judges by the machine's own lines."""
    bail = [f"Bail out! {log.bail_out}"] if log.bail_out else []
    if not log.header and not log.bail_out:
        return Verdict("died", bail + ["no report in it: the line `TAP version 13` is missing"])
    if log.done is None:
        last = log.last_line or "nothing"
        return Verdict("died", bail + [f"it ends before the kernel's last line (`# ev=done`), after: {last}"])
    status = log.done.get("status")
    if status not in ENDS or status == "died":
        return Verdict("fail", bail + [f"the kernel says status={status}, which is no end"])
    wrong = failures(log) + ([] if log.bail_out else contradictions(log))
    if wrong or status == "fail":
        return Verdict("fail", bail + wrong or ["the kernel says status=fail"])
    if bail:
        return Verdict("fail" if status == "pass" else status, bail)
    return complete(log, status)


def whole_passes(log: Log) -> Verdict | None:
    """Judges a soak by its whole passes. Such a soak was ended from outside, because its console takes no Ctrl-C. Returns None
    if there is no whole pass."""
    passes = log.all("pass")
    if not passes or log.bail_out or contradictions_of_rows(log):
        return None
    ended = f"ended from outside after pass {passes[-1].get('n')}; this is the verdict of what was run"
    wrong = failures(log)
    if wrong:
        return Verdict("fail", [*wrong, ended])
    shown = any(kind_of(point) in ("passed", "known") for point in log.points)
    found = complete(log, "pass" if shown else "nothing_shown")
    return Verdict(found.status, [*found.reasons, ended])


def complete(log: Log, status: str) -> Verdict:
    """Nothing failed, but was everything there?"""
    missing = missing_of(log)
    if missing or status == "incomplete":
        return Verdict("incomplete", missing or ["the kernel calls its run incomplete"])
    if status == "nothing_shown":
        return Verdict(status, ["every variant was skipped", *skip_reasons(log)])
    return Verdict(status, [] if status == "pass" else [f"the kernel says status={status}"])


def missing_of(log: Log) -> list[str]:
    """Lists everything expected that was missing or was not seen."""
    return missing_cpus(log) + missing_memory(log) + [event.get("what") for event in log.all("missing")] + unseen(log)


def missing_cpus(log: Log) -> list[str]:
    silent = [f"CPU {event.get('n')} did not start" for event in log.all("cpu") if event.get("state") == "silent"]
    unused = log.first("firmware").number("ignored") or 0
    parts = silent + ([f"{unused} of the firmware's CPUs are not used"] if unused else [])
    if log.first("firmware").number("cut"):
        parts.append("the firmware's list of CPUs is damaged, so some may be missing")
    parts += [f"stray interrupts keep coming on CPU {event.get('cpu')}" for event in log.all("warning")
              if event.get("what", "").startswith("stray interrupts keep coming")]
    asked = log.first("engine").number("cpus")
    found = 1 + len(log.all("cpu")) + unused
    if asked and found < asked:
        parts.append(f"{asked} CPUs were asked for, and the machine has {found}: CPU "
                     f"{', '.join(str(cpu) for cpu in range(found, asked))} is missing")
    return parts


def missing_memory(log: Log) -> list[str]:
    """Reports missing memory of more than an eighth, because firmware may keep some of it, but never so much."""
    asked, found = log.first("engine").number("mem_mib"), log.first("boot").number("mem_mib")
    if not asked or found is None or 8 * found >= 7 * asked:
        return []
    return [f"{asked} MiB of memory were asked for, and the machine has {found}: {asked - found} MiB are missing"]


def unseen(log: Log) -> list[str]:
    names = [point.name for point in log.points if point.directive == "TODO" and not point.ok
             and point.reason.startswith("not observed")]
    names += in_later_passes(log, "not_observed")
    return [f"a broken variant was not seen to break: {name}" for name in names[:SHOWN_AT_MOST]] + (
        [f"... and {len(names) - SHOWN_AT_MOST} more"] if len(names) > SHOWN_AT_MOST else [])


def in_later_passes(log: Log, *results: str) -> list[str]:
    """Returns the rows with one of these results only after the first pass."""
    names = {point.number: point.name for point in log.points if not point.failed}
    return [f"{names[number]} (pass {event.get('pass')})" for number, event in log.again(*results).items()
            if number in names and log.cell(str(number)).get("result") not in results]


def skip_reasons(log: Log) -> list[str]:
    counted = Counter(point.reason for point in log.points if point.directive == "SKIP")
    return [f"{count} of {len(log.points)}: {reason}" for reason, count in counted.most_common(SHOWN_AT_MOST)]


def failures(log: Log) -> list[str]:
    failed = [point.name for point in log.points if point.failed] + in_later_passes(log, *BROKEN)
    if not failed:
        return []
    shown = "; ".join(failed[:SHOWN_AT_MOST]) + ("; ..." if len(failed) > SHOWN_AT_MOST else "")
    return [f"{len(failed)} of {len(log.points)} failed: {shown}"]


def contradictions(log: Log) -> list[str]:
    """Lists all contradictions of the log with itself."""
    found = contradictions_of_rows(log)
    if log.after_done:
        found.append(f"there is output after the last line: {log.after_done[0]}")
    return found + wrong_counts(log) + wrong_status(log)


def contradictions_of_rows(log: Log) -> list[str]:
    """Lists the contradictions found without the log's last line."""
    found = []
    if log.died_before:
        found.append(f"{log.died_before} earlier boot(s) in this log ended without their last line")
    if log.plan is None:
        found.append("there is no plan (1..N)")
    elif [point.number for point in log.points] != list(range(1, log.plan + 1)):
        found.append(f"the plan is 1..{log.plan}, the points are {numbers(log)}")
    if not log.points and not log.plan_skipped:
        found.append("nothing ran")
    passed_points = {point.number for point in log.points if point.ok}
    for cell in log.all("cell"):
        if cell.get("result") in BROKEN and cell.number("n") in passed_points:
            found.append(f"point {cell.get('n')} is ok, but its cell says {cell.get('result')}")
    return found


def numbers(log: Log) -> str:
    listed = [point.number for point in log.points]
    return f"{listed[0]}..{listed[-1]} ({len(listed)} of them)" if listed else "none"


def wrong_counts(log: Log) -> list[str]:
    """Compares the counts of ev=done with the points. TODO points are known. A row with a failure in a later pass has failed."""
    assert log.done is not None
    later = log.again(*BROKEN)
    counted = Counter("failed" if point.number in later else kind_of(point) for point in log.points)
    wrong = []
    for kind in ("passed", "failed", "skipped", "known"):
        said = log.done.number(kind)
        if said is None:
            wrong.append(f"the last line has no {kind}=")
        elif said != counted[kind]:
            wrong.append(f"the last line says {kind}={said}, the points say {counted[kind]}")
    return wrong


def wrong_status(log: Log) -> list[str]:
    """Checks the status. A known finding counts as shown, but `list` shows nothing and passes."""
    assert log.done is not None
    status = log.done.get("status")
    shown = any(kind_of(point) in ("passed", "known") for point in log.points)
    if status == "pass" and log.points and not shown:
        return ["the last line says status=pass, and every point was skipped"]
    if status == "nothing_shown" and shown:
        return ["the last line says status=nothing_shown, and points passed"]
    if status in ("not_run", "cannot_start"):
        return [f"the last line says status={status}, and there is no Bail out!"]
    return []


def kind_of(point: Point) -> str:
    if point.directive == "SKIP":
        return "skipped"
    if point.directive == "TODO":
        return "known"
    return "passed" if point.ok else "failed"
