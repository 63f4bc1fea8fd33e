# SPDX-License-Identifier: MIT
"""The end of a run, by its log and by the emulator's end as tools/run saw it."""
from __future__ import annotations

from pathlib import Path

from zapwalk.ends import ENDS
from zapwalk.engine import Ending
from zapwalk.log import QUOTED, Log
from zapwalk.machines import Command, expected_status, names_kvm
from zapwalk.verdict import Verdict, judge


def outcome(log: Log, what: Command, ending: Ending) -> Verdict:
    """Judges the run. If the log has no last line, the emulator's own end says more than the log does."""
    verdict = judge(log)
    if log.done is None:
        reason = cannot_start(log, what, ending)
        if reason:
            return Verdict("cannot_start", [reason])
        return Verdict("died", verdict.reasons[:-1] + [broke_off(log, what, ending)])
    against = disagreements(log, what, ending)
    return Verdict("fail", against + verdict.reasons) if against else verdict


def record(log: Log, verdict: Verdict, path: Path) -> None:
    """Writes the verdict into the log if the log does not say so by itself. So tools/report comes to the same verdict later."""
    if verdict == judge(log):
        return
    with open(path, "a", encoding="utf-8") as file:
        for reason in verdict.reasons:
            file.write(f"\n# ev=run end={verdict.status} why=\"{one_line(reason)}\"")
        file.write("\n")


def one_line(text: str) -> str:
    return " ".join(text.split()).replace('"', "'")


def name_of(what: Command) -> str:
    return Path(what.argv[0]).name


def how(ending: Ending) -> str:
    if ending.killed:
        return f"was killed: {ending.killed}"
    return f"ended with signal {-ending.status}" if ending.status < 0 else f"ended with status {ending.status}"


def cannot_start(log: Log, what: Command, ending: Ending) -> str:
    """Says why there was nothing to judge, or returns "" if the machine had begun. An emulator refusing its arguments prints
    nothing on the console and says why. An emulator ended by a signal, or with some output, did start. But if KVM cannot run
    such a guest, QEMU aborts, or the guest resets or stands still, wherever it first meets a missing feature."""
    if names_kvm(what.argv) and not log.header:
        return f"KVM cannot run this machine here ({name_of(what)} {how(ending)}{complaint(ending)}). Without it: ACCEL=tcg"
    if log.last_line or ending.killed or ending.status <= 0:
        return ""
    said = ending.stderr.splitlines()
    return f"{name_of(what)} {how(ending)}" + (f": {said[-1]}" if said else ", and printed nothing")


def complaint(ending: Ending) -> str:
    """Returns the emulator's last line of more than a warning."""
    said = [line for line in ending.stderr.splitlines() if "warning:" not in line]
    return f": {said[-1][:QUOTED]}" if said else ""


def broke_off(log: Log, what: Command, ending: Ending) -> str:
    last = f"last line: {log.last_line}" if log.last_line else "it printed nothing"
    before = "" if ending.killed else " before the kernel's last line (# ev=done)"
    return f"{name_of(what)} {how(ending)}{before}; {last}"


def disagreements(log: Log, what: Command, ending: Ending) -> list[str]:
    """Returns contradictions between the log and two facts unknown to it, which are the emulator's end and the options sent."""
    assert log.done is not None
    found = []
    expected = expected_status(what.machine, ENDS.get(log.done.get("status"), ENDS["fail"]))
    if ending.killed:
        found.append(broke_off(log, what, ending))
    elif expected not in (None, ending.status):
        found.append(f"{name_of(what)} ended with status {ending.status}; the kernel's status="
                     f"{log.done.get('status')} should have made it {expected}")
    if not (log.bail_out and log.cmdline is None) and (log.cmdline or "").split() != what.options.split():
        found.append(f"the kernel got other options than were sent: {log.cmdline}")
    return found
