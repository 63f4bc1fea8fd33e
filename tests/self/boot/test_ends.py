#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How runs end. The kernel, tools/run, tools/report and docs/commands.md share one table of ends, and `git bisect run`
relies on it. Fails if a run ends with the wrong word or status."""
from __future__ import annotations

import re
import shutil
import subprocess

from tap import (CANNOT_START, ENDS, FAIL, INCOMPLETE, NOTHING_SHOWN, NOT_RUN, PLACE, ROOT, Result, boot, call,
                 check, clean_environment, emulator, finish)

QUICK = "run=hw/above-4G"
KERNELS = ("pass", "fail", "incomplete", "nothing_shown", "not_run", "cannot_start")  # a kernel that died says nothing


def one_table() -> None:
    """kernel/finish.h, docs/commands.md and tools/zapwalk/ends.py must have the same numbers."""
    header = (ROOT / "kernel/finish.h").read_text(encoding="utf-8")
    kernel = {name.lower(): int(number) for name, number in re.findall(r"RUN_(\w+) = (\d+),", header)}
    check(kernel == {name: ENDS[name].status for name in KERNELS}, "kernel/finish.h has the same numbers", kernel)
    told = (ROOT / "docs/commands.md").read_text(encoding="utf-8").partition("## How a run ends")[2].partition("\n## ")[0]
    rows = {text: int(number) for text, number in re.findall(r"^\| ([A-Z ]+) \|.*\| (\d) \|$", told, re.MULTILINE)}
    check(rows == {end.text: end.status for end in ENDS.values()}, "docs/commands.md has the same numbers", rows)


def ends_as(end: str, result: Result, name: str, *parts: str, kernel: str = "") -> None:
    """tools/run and tools/report must say this end. The kernel must say the same, or `kernel` if it is given."""
    text, status = ENDS[end].text, ENDS[end].status
    check(result.status == status and re.search(rf"^{text}( \(|$)", result.text, re.MULTILINE) and result.says(*parts),
          f"{name}: {text}, {status}" + (f", naming {', '.join(parts)}" if parts else ""), result.text)
    said = result.log.done.get("status") if result.log and result.log.done else "none"
    check(said == (kernel or end), f"{name}: the kernel says {kernel or end}", said)
    saved = call(["tools/report", str(result.path)])
    check(saved.status == status and saved.says(text, *parts), f"{name}: tools/report says the same", saved.text)


def every_end() -> None:
    """Boots the real kernel to each of its ends. The kernel, tools/run and tools/report must agree on each."""
    ends_as("pass", boot("run=hw/pdpte-reserved", name="known"), "a known finding alone")
    ends_as("fail", boot("run=pte/torn-read guard.present_recheck=off mode=choreo", name="fail"), "a guard off",
            "pte/torn-read")
    ends_as("fail", boot("fault.trap=ud", name="panic"), "a screen", "Bail out!")
    ends_as("incomplete", boot(f"fault.silent=1 {QUICK}", name="silent"), "a silent CPU", "CPU 1 did not start")
    ends_as("nothing_shown", boot("run=pte/refill-present", name="skipped"), "all skipped", "hardware fills the TLB")
    ends_as("nothing_shown", boot("run=tlb/stale", name="one-cpu", SMP="1"), "one CPU as asked for", "needs 2 CPUs")
    ends_as("not_run", boot("runn=pte", name="wrong-option"), "a wrong option", "runn=pte")
    ends_as("not_run", boot("run=pte/torn-read mode=probe", name="pair"), "options that go together nowhere", "mode=probe",
            "run=")
    ends_as("cannot_start", boot(QUICK, name="no-tsc", QEMU_ARGS="-cpu max,-tsc"), "a CPU that is not enough", "TSC")
    ends_as("cannot_start", boot(QUICK, name="486", QEMU_ARGS="-cpu 486"), "a CPU of which that is said at once", "PAE")


def what_is_missing() -> None:
    """tools/run must compare the CPUs, the memory and the modes asked for with those of the machine."""
    ends_as("incomplete", boot(QUICK, name="fewer", QEMU_ARGS="-smp 1"), "-smp 1 behind SMP=2",
            "2 CPUs were asked for", "CPU 1 is missing", kernel="pass")
    ends_as("incomplete", boot("run=tlb/stale", name="fewer-skipped", QEMU_ARGS="-smp 1"), "the same, all skipped",
            "CPU 1 is missing", kernel="nothing_shown")
    ends_as("incomplete", boot("run=hw/user-trap", name="smaller", QEMU_ARGS="-m 128M"), "-m 128M behind MEM=6G",
            "6144 MiB", "127", kernel="pass")
    ends_as("pass", boot(f"{QUICK} cpus=2", name="option-cpus", SMP="4"), "cpus=2 of 4")
    ends_as("incomplete", boot(f"{QUICK} require=choreo", name="require"), "require=choreo of a probe",
            "no choreo variant was shown")
    ends_as("incomplete", boot("require=choreo,probe run=tlb/stale", name="require-one", SMP="1"),
            "require=choreo,probe, all skipped", "no choreo variant", "no probe variant")
    ends_as("pass", boot(f"{QUICK} require=probe", name="required"), "require=probe of a probe")
    ends_as("not_run", boot(f"{QUICK} require=fast", name="require-option"), "require=fast", "choreo,stress,probe")


def by_the_runner() -> None:
    """Ends without a word from the kernel. tools/run must find the cause itself and name it."""
    ends_as("cannot_start", boot(QUICK, name="option", QEMU_ARGS="-nosuchoption"), "an emulator that refuses its arguments",
            "nosuchoption", kernel="none")
    dying = emulator("dying", "echo TAP version 13; echo 1..3; exit 7\n")
    ends_as("died", boot(QUICK, name="dying", QEMU=str(dying)), "an emulator that dies", "status 7", kernel="none")
    crashing = emulator("crashing", "kill -SEGV $$\n")
    ends_as("died", boot(QUICK, name="crashing", QEMU=str(crashing)), "one that crashes in silence", "signal 11",
            kernel="none")
    for name, result, status in (
            ("no emulator", boot(QUICK, QEMU="/nosuch/qemu"), CANNOT_START),
            ("no image", boot(QUICK, ("--image", "nosuch.elf")), CANNOT_START),
            ("SMP=0", boot(QUICK, SMP="0"), NOT_RUN), ("MACHINE=x68", boot(QUICK, MACHINE="x68"), NOT_RUN),
            ("--nosuch", boot(QUICK, ("--nosuch",)), NOT_RUN)):
        text = next(end.text for end in ENDS.values() if end.status == status)
        check(result.status == status and result.says(f"tools/run: {text}: "), f"{name}: {text}, {status}", result.text)


def worst_of_several() -> None:
    logs = [str(PLACE / f"{name}.log") for name in ("known", "skipped", "silent", "wrong-option")]
    for count, status in ((1, 0), (2, NOTHING_SHOWN), (3, INCOMPLETE), (4, NOT_RUN)):
        result = call(["tools/report", *logs[:count]])
        check(result.status == status, f"tools/report of {count} logs: the worst of them, {status}", result.text)
    result = call(["tools/report", *logs, str(PLACE / "dying.log"), str(PLACE / "fail.log")])
    check(result.status == FAIL, "a failure is the worst of all", result.text)


def under_make() -> None:
    result = call(["make", "--no-print-directory", "run", "ARGS=run=pte/refill-present"])
    check(result.status == 2 and result.says("NOTHING SHOWN"), "make turns each but 0 into 2", result.text)


def git(place, *arguments: str) -> subprocess.CompletedProcess:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    return subprocess.run(["git", *arguments], cwd=place, env=clean_environment(**who), text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def a_log(name: str) -> str:
    return (PLACE / f"{name}.log").read_text(encoding="utf-8")


def stand_in(name: str) -> str:
    """Returns a script for an emulator that prints the log of another boot and ends with its status."""
    said = "".join(line + "\n" for line in a_log(name).splitlines() if not line.startswith(("# ev=engine", "# ev=run")))
    said = re.sub(r'(# ev=cmdline text=")[^"]*', r"\1exit=isa-debug", said)
    (PLACE / f"{name}.said").write_text(said)
    status = 2 * ENDS["fail" if name == "fail" else "pass"].status + 1
    return f'[ "$1" != --version ] || exit 0\ncat "{PLACE}/{name}.said"\nexit {status}\n'


def bisected() -> None:
    """Commits one emulator after another. The first ones are good, one says nothing, and all from the sixth on are bad.
    git bisect must find the sixth."""
    place = PLACE / "bisected"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    git(place, "init", "-q")
    says_nothing = "echo out of order >&2; exit 9\n"
    for number, text in enumerate([stand_in("known")] * 3 + [says_nothing] + [stand_in("known")] + [stand_in("fail")] * 4):
        (place / "qemu").write_text(f"#!/bin/sh\n# {number}\n{text}")
        (place / "qemu").chmod(0o755)
        git(place, "add", "qemu")
        git(place, "commit", "-q", "-m", f"commit {number}")
    git(place, "bisect", "start", "HEAD", "HEAD~8")
    done = git(place, "bisect", "run", str(ROOT / "tools/run"), "--bisect", "--qemu", "./qemu")
    first = re.search(r"is the first bad commit.*?commit (\d)$", done.stdout, re.DOTALL | re.MULTILINE)
    check(done.returncode == 0 and first and first.group(1) == "5", "git bisect run finds the first bad build", done.stdout)


def for_bisect() -> None:
    for name, options, arguments, status in (
            ("PASS", QUICK, (), 0), ("FAIL", "run=pte/torn-read guard.present_recheck=off mode=choreo", (), 1),
            ("NOTHING SHOWN", "run=pte/refill-present", (), 125), ("INCOMPLETE", QUICK, ("--qemu-args=-smp 1",), 125),
            ("NOT RUN", "runn=pte", (), 125), ("NOT RUN", QUICK, ("--smp", "0"), 125),
            ("CANNOT START", QUICK, ("--qemu-args=-nosuch",), 125), ("DIED", QUICK, ("--qemu", str(PLACE / "dying")), 125)):
        result = boot(options, ("--bisect", *arguments), name="bisect")
        check(result.status == status and result.says(name), f"--bisect, {name}: {status}", result.text)


one_table()
every_end()
what_is_missing()
by_the_runner()
worst_of_several()
under_make()
for_bisect()
bisected()
finish()
