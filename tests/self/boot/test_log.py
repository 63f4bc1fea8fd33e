#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A saved serial log. Fails if other TAP readers refuse it, if tools/report and tools/run give different verdicts on
it, or if either of them believes a self-contradictory log."""
from __future__ import annotations

import re
import shutil

from tap import CANNOT_START, ENDS, INCOMPLETE, PLACE, boot, call, check, emulator, finish, skip

VERDICT = re.compile(rf"^({'|'.join(end.text for end in ENDS.values())})( \(.*)?$", re.MULTILINE)


def verdict(text: str) -> str:
    found = VERDICT.search(text)
    return found.group(0) if found else "none"


def prove(path, name: str, good: bool) -> None:
    if not shutil.which("prove"):
        skip(f"{name}: prove", "prove is not installed: tools/setup test")
        return
    result = call(["prove", "-e", "cat", str(path)])
    check((result.status == 0) == good, f"{name}: prove {'passes' if good else 'fails'}", result.text)


def saved(options: str, name: str, good: bool) -> str:
    """Boots, and has the log read again by tools/report and by other readers. Returns the text of the raw log."""
    live = boot(options, name=name)
    again = call(["tools/report", str(live.path)])
    check((live.status == 0) == good, f"{name}: tools/run {'passes' if good else 'fails'}", live.text)
    check(again.status == live.status and verdict(again.text) == verdict(live.text) != "none",
          f"{name}: tools/report agrees: {verdict(again.text)}", again.text, live.text)
    prove(live.path, name, good)
    return live.path.read_text()


def report_on(text: str, name: str) -> tuple[int, str]:
    path = PLACE / f"{name}.log"
    path.write_text(text)
    result = call(["tools/report", str(path)])
    return result.status, result.text


def noisy(good: str) -> None:
    """Adds the noise of a real console, firmware text, escape codes and carriage returns. The log must still pass."""
    firmware = "\x1b[2J\x1b[1;1HSeaBIOS (version 1.16)\r\nBooting from ROM..\x1b[0m"
    noise = re.sub(r"^(ok|1\.\.|# ev=)", "\x1b[0m\\1", good, flags=re.MULTILINE).replace("\n", "\r\n")
    status, text = report_on(firmware + noise, "noisy")
    check(status == 0 and "PASS (" in text, "firmware text, escape codes and CR are tolerated", text)


def marked(good: str) -> None:
    check(good.startswith("#\nTAP version 13\n"), "the boot CPU leaves its mark on a line of its own", good[:40])


def skipped(good: str, status: str) -> list[str]:
    """Returns the lines of the same log with its rows replaced by a skipped one."""
    lines = [line for line in good.splitlines() if not line.startswith(("# ev=cell", "ok ", "not ok ", "1..", "# ev=done"))]
    return [*lines, "1..1", "ok 1 - x86/pte/torn-read choreo # SKIP needs 2 CPUs",
            f"# ev=done status={status} passed=0 failed=0 skipped=1 known=0 seconds=0"]


COUNTS = ("passed", "failed", "skipped", "known")


def one_more_failed(last: str) -> str:
    passed = int(re.search(r"passed=(\d+)", last).group(1))
    return last.replace(f"passed={passed} failed=0", f"passed={passed - 1} failed=1")


ENDS_OF = {"no last line": "died", "cut in the middle": "died", "an empty file": "died", "not a log": "died",
           "status=incomplete": "incomplete"}  # all others fail


# The message must come from the right oracle. Another oracle would give the same end and hide that this one is blind.
SAYS = {
    "no last line": "ends before the kernel's last line", "cut in the middle": "ends before the kernel's last line",
    "a point is missing": "the plan is 1..", "a point failed, the last line says pass": "1 of ",
    "a point failed and was counted": "1 of ", "no plan": "there is no plan", "a wrong plan": "the plan is 1..9999",
    "output after the last line": "output after the last line: # still here",
    "all skipped and status=pass": "and every point was skipped",
    "something passed and status=nothing_shown": "status=nothing_shown, and points passed",
    "no Bail out! and status=not_run": "status=not_run, and there is no Bail out!",
    "a status that is none": "status=fine, which is no end", "status=fail": "the kernel says status=fail",
    "status=incomplete": "the kernel calls its run incomplete", "Bail out!": "Bail out! testing",
    "a cell NOT CAUGHT": "but its cell says not_caught", "nothing ran": "nothing ran",
    "the boot before died": "earlier boot(s) in this log ended without their last line",
    "an empty file": "no report in it", "not a log": "no report in it",
}


def own_text(name: str) -> str:
    kind = name.removeprefix("a wrong count: ")
    return SAYS.get(name) or (f"the last line has no {kind[3:]}=" if kind.startswith("no ") else
                              f"the last line says {kind}=" if kind != name else f"but its cell says {name.split()[-1]}")


def contradictions(good: str) -> None:
    lines = good.splitlines()
    last = next(i for i, line in enumerate(lines) if line.startswith("# ev=done"))
    point = next(i for i, line in enumerate(lines) if line.startswith("ok "))
    plan = next(i for i, line in enumerate(lines) if line.startswith("1.."))
    cases = {
        "no last line": lines[:last],
        "cut in the middle": lines[:point],
        "a point is missing": lines[:point] + lines[point + 1:],
        "a point failed, the last line says pass": lines[:point] + ["not " + lines[point]] + lines[point + 1:],
        "a point failed and was counted": lines[:point] + ["not " + lines[point]] + lines[point + 1:last]
        + [one_more_failed(lines[last])],
        "no plan": lines[:plan] + lines[plan + 1:],
        "a wrong plan": lines[:plan] + ["1..9999"] + lines[plan + 1:],
        "output after the last line": lines + ["# still here"],
        "all skipped and status=pass": skipped(good, "pass"),
        "something passed and status=nothing_shown": lines[:last] + [lines[last].replace("status=pass",
                                                                                         "status=nothing_shown")],
        "no Bail out! and status=not_run": lines[:last] + [lines[last].replace("status=pass", "status=not_run")],
        "a status that is none": lines[:last] + [lines[last].replace("status=pass", "status=fine")],
        "status=fail": lines[:last] + [lines[last].replace("status=pass", "status=fail")],
        "status=incomplete": lines[:last] + [lines[last].replace("status=pass", "status=incomplete")],
        **{f"a wrong count: {kind}": lines[:last] + [re.sub(rf"{kind}=\d+", f"{kind}=999", lines[last])] for kind in COUNTS},
        **{f"a wrong count: no {kind}": lines[:last] + [re.sub(rf" {kind}=\d+", "", lines[last])] for kind in COUNTS},
        **{f"ok, and its cell says {result}": [line.replace("result=held", f"result={result}", 1) for line in lines]
           for result in ("violated", "broken", "no_evidence", "cut_off")},
        "Bail out!": lines[:last] + ["Bail out! testing"] + lines[last:],
        "a cell NOT CAUGHT": [line.replace("result=caught", "result=not_caught") for line in lines],
        "nothing ran": ["TAP version 13", "1..0", "# ev=done status=pass passed=0 failed=0 skipped=0 known=0 seconds=0"],
        "the boot before died": lines[:point] + lines,
        "an empty file": [],
        "not a log": ["hello"],
    }
    storm = lines[:last] + ['# ev=warning what="stray interrupts keep coming on CPU 1: the run is incomplete" cpu=1',
                            lines[last].replace("status=pass", "status=incomplete")]
    status, text = report_on("\n".join(storm) + "\n", "storm")
    check(status == INCOMPLETE and "stray interrupts keep coming on CPU 1" in text, "a storm of interrupts: named", text)
    for name, changed in cases.items():
        status, text = report_on("\n".join(changed) + "\n", name.replace(" ", "-").replace("/", ""))
        end = ENDS[ENDS_OF.get(name, "fail")]
        check(status == end.status and end.text in text and "PASS" not in text and "Traceback" not in text,
              f"{name}: {end.text}", text)
        check(own_text(name) in text, f"{name}: and it says: {own_text(name)}", text)


def later_passes(good: str) -> None:
    """A row that fails in a later pass has failed, and the report must name the pass."""
    lines = good.splitlines()
    last = next(i for i, line in enumerate(lines) if line.startswith("# ev=done"))
    held = next(line for line in lines if line.startswith("# ev=cell ") and "result=held" in line)
    number = re.search(r" n=(\d+) ", held).group(1)
    point = next(line for line in lines if re.match(rf"ok {number} ", line))
    again = held.replace("# ev=cell", "# ev=again pass=3")
    violated = again.replace("result=held", "result=violated")
    witness = f'# ev=witness n={number} pass=3 scenario=x guard=none rule="r" saw="seen in a later pass" see="s"'
    status, text = report_on("\n".join([*lines[:last], witness, violated, again.replace("pass=3", "pass=4"),
                                         one_more_failed(lines[last]).replace("status=pass", "status=fail")]) + "\n", "later")
    name = point.partition(" - ")[2].partition(" #")[0]
    check(status == 1 and f"1 of {len(re.findall(r'^(?:not )?ok ', good, re.MULTILINE))} failed: {name} (pass 3)" in text,
          "a row that failed in pass 3: FAIL, and it is named", text)
    check(f"Witness of point {number} in pass 3" in text and "seen in a later pass" in text, "with its witness", text)
    check("the last line says" not in text, "its counts are right", text)
    status, text = report_on("\n".join([*lines[:last], violated, lines[last]]) + "\n", "later-not-counted")
    check(status == 1 and "the last line says failed=0, the points say 1" in text, "not counted: a contradiction", text)
    unseen = again.replace("result=held", "result=not_observed")
    status, text = report_on("\n".join([*lines[:last], unseen, lines[last].replace("status=pass", "status=incomplete")])
                             + "\n", "later-unseen")
    check(status == INCOMPLETE and f"not seen to break: {name} (pass 3)" in text, "not observed in pass 3: INCOMPLETE", text)


def disagreeing_emulator(good: str) -> None:
    """A passing log must not count if the machine ended otherwise, or if the kernel got other options."""
    (PLACE / "said").write_text(good)
    said = re.search(r'# ev=cmdline text="(.*)"', good)
    body = f'cat "{PLACE / "said"}"; exit '
    foreign = good.replace(said.group(1) if said else "", "exit=isa-debug")
    (PLACE / "said").write_text(foreign)
    check(boot(QEMU=str(emulator("agrees", body + "1\n"))).status == 0, "a stand-in that agrees passes")
    for status in (0, 3, 139):
        result = boot(QEMU=str(emulator("disagrees", f"{body}{status}\n")))
        check(result.status == 1, f"the emulator ends with {status}, the kernel said pass: fails", result.text)
    result = boot("run=pte/*", QEMU=str(emulator("agrees", body + "1\n")))
    check(result.status == 1 and result.says("other options"), "the kernel got other options: fails", result.text)
    hangs = emulator("hangs", f'cat "{PLACE / "said"}"; sleep 1000\n')
    result = boot(QEMU=str(hangs))
    check(result.status == 1 and result.says("killed"), "the emulator does not end after the last line: fails",
          result.text)


PLACE.mkdir(parents=True, exist_ok=True)
good = saved("", "default", True)
saved("run=pte/torn-read guard.present_recheck=off", "broken", False)
saved("runn=pte", "badword", False)
saved("fault.trap=ud", "trap", False)
noisy(good)
marked(good)
contradictions(good)
later_passes(good)
disagreeing_emulator(good)
check(call(["tools/report", "nosuch.log"]).status == CANNOT_START, "tools/report on a missing file: cannot start")
finish()
