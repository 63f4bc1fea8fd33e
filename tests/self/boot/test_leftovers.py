#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ends tools/run, or the make above it, in every way. Fails if an emulator stays behind, or if a soak does not end with
its verdict."""
from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

from tap import PLACE, ROOT, check, clean_environment, emulator, finish
from zapwalk.machines import soak_minutes

PIDS = PLACE / "pids"
PATIENCE = 30.0  # seconds, although it takes milliseconds
QEMU = re.compile(r"\S*qemu-system-")
MAKE = ["make", "--no-print-directory", "run"]


def stand_in() -> str:
    """Writes an emulator that starts a program of its own and never ends. Both process numbers go into PIDS."""
    return str(emulator("forever", f'echo TAP version 13; sleep 1000 & echo $$ $! >"{PIDS}.new"; mv "{PIDS}.new" "{PIDS}"\n'
                        "while :; do sleep 1; done\n"))


def is_alive(pid: int) -> bool:
    try:
        return not re.search(r"\) [ZX] ", Path(f"/proc/{pid}/stat").read_text())
    except OSError:
        return False


def within(seconds: float, happened) -> bool:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.01)
    return happened()


def start(argv: list[str], **environment: str) -> subprocess.Popen:
    PIDS.unlink(missing_ok=True)
    return subprocess.Popen(argv, cwd=ROOT, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def nothing_stays(name: str, argv: list[str], number: int, says: str = "", **environment: str) -> None:
    runner = start(argv, **environment)
    started = within(PATIENCE, PIDS.exists)
    pids = [int(pid) for pid in PIDS.read_text().split()] if started else []
    runner.send_signal(number)
    ended = within(PATIENCE, lambda: runner.poll() is not None)
    left = [] if within(PATIENCE, lambda: not any(map(is_alive, pids))) else [pid for pid in pids if is_alive(pid)]
    check(len(pids) == 2 and ended and not left, f"{name}: the emulator and what it started are gone", pids, left)
    runner.kill()
    text = runner.communicate(timeout=PATIENCE)[0]
    if says:
        check(says in text and "Traceback" not in text, f"{name}: says {says!r}", text)


def emulators(mark: str) -> list[str]:
    """Returns the numbers of all processes with this text on their command line, except our own."""
    return [place.name for place in Path("/proc").glob("[0-9]*") if place.name != str(os.getpid()) and mark in command(place)]


def command(place: Path) -> str:
    try:
        return (place / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def by_timeout() -> None:
    """A soak of QEMU under timeout, as the issue reported it. Nothing may be left."""
    mark = "zapwalk-leftover-test"
    argv = ["timeout", "6", *MAKE, "ARGS=passes=0 run=hw/above-4G", f"QEMU_ARGS=-name {mark}"]
    runner = start(argv)
    seen = within(PATIENCE, lambda: any(QEMU.match(command(Path(f"/proc/{pid}"))) for pid in emulators(mark)))
    runner.wait(PATIENCE)
    left = emulators(mark) if not within(PATIENCE, lambda: not emulators(mark)) else []
    check(seen and not left, "timeout 6 make run ARGS=passes=0: nothing is left of QEMU", seen, left)
    runner.communicate()


def soak_by_sigint() -> None:
    """A soak must end like a run. tools/run asks the kernel to end, and the verdict follows."""
    log = PLACE / "soak.log"
    log.unlink(missing_ok=True)
    runner = start(["tools/run", "passes=0", "run=hw/user-trap", "--log", str(log)])
    within(PATIENCE, lambda: log.exists() and log.read_text(errors="replace").count("# ev=pass n=") > 2)
    runner.send_signal(signal.SIGINT)
    text = runner.communicate(timeout=PATIENCE)[0]
    check(runner.returncode == 0 and "PASS (1 passed" in text and "ended in pass" in text and "Ctrl-C" in text,
          "SIGINT to a soak: it ends with its verdict", runner.returncode, text)
    passes = re.findall(r"^pass (\d+): 1 passed, 0 failed", text, re.MULTILINE)
    check(len(passes) > 2 and passes == sorted(set(passes), key=int), "readable lines, none twice", text)
    seconds = re.findall(r"since the start (\d+) s$", text, re.MULTILINE)
    check(len(seconds) == len(set(seconds)), "of short passes one line a second", text)


def deaf_soak(name: str, guests_options: str, end: str, status: int) -> None:
    """On this machine nobody listens to the console. After Ctrl-C the complete passes must still have a verdict, and
    tools/report must give the same."""
    said = PLACE / "said"
    said.write_text(f"""TAP version 13
# ev=boot version=0.1 git=0000000 port=s390x mem_mib=256
# ev=cmdline text="strict known=F-031,F-032,F-033 passes=0"
# ev=cpu n=1 hw=1 state=online
1..1
# ev=cell n=1 scenario=a/one mode=choreo guard=none choices=- result=held ms=1.0 tries=1 evidence="fine"
ok 1 - s390x/a/one choreo
{guests_options}""")
    deaf = str(emulator("deaf", f'[ "$1" = --version ] && exit; [ "$1" = -help ] && exit; cat "{said}"; '
                        f'echo $$ $$ >"{PIDS}.new"; mv "{PIDS}.new" "{PIDS}"; exec sleep 1000\n'))
    log = PLACE / "deaf.log"
    log.unlink(missing_ok=True)
    runner = start(["tools/run", "--machine", "s390x", "--qemu", deaf, "passes=0", "--log", str(log)])
    within(PATIENCE, lambda: log.exists() and "ok 1 - " in log.read_text() and guests_options.strip() in log.read_text())
    runner.send_signal(signal.SIGINT)
    text = runner.communicate(timeout=PATIENCE)[0]
    check(runner.returncode == status and end in text, f"{name}: {end}", runner.returncode, text)
    again = subprocess.run(["tools/report", str(log)], cwd=ROOT, capture_output=True, text=True, check=False)
    if status < 128:
        check(again.returncode == status and end in again.stdout, f"{name}: tools/report says so too", again.stdout)


def deaf_soaks() -> None:
    whole = "# ev=pass n=1 of=0 passed=1 failed=0 skipped=0 known=0 rounds=0 overlaps=0 seconds=1\n"
    again = ("# ev=again pass=2 n=1 scenario=a/one mode=choreo guard=none choices=- result=violated ms=1.0 tries=1 "
             'reason="it broke"\n')
    deaf_soak("one whole pass", whole, "PASS", 0)
    deaf_soak("a failure in the second", whole + again, "s390x/a/one choreo (pass 2)", 1)
    deaf_soak("no whole pass", "", "interrupted; raw log", 128 + signal.SIGINT)


def soak_that_hangs() -> None:
    """If the kernel does not react to the first SIGINT, the second one must end the emulator."""
    runner = start(["tools/run", "--qemu", stand_in(), "passes=0", "--log", str(PLACE / "deaf.log")])
    within(PATIENCE, PIDS.exists)
    runner.send_signal(signal.SIGINT)
    first = next((line for line in runner.stdout if "asked the kernel to end" in line), "")
    check(first and runner.poll() is None, "a soak that does not end: SIGINT asks, and is not the end")
    runner.send_signal(signal.SIGINT)
    text = runner.communicate(timeout=PATIENCE)[0]
    check(runner.returncode == 128 + signal.SIGINT and "interrupted; raw log: " in text, "the second one is", runner.returncode,
          text)


def lengths_of_soaks() -> None:
    """tools/run must read lengths of soaks in decimal and in hex, because the kernel does."""
    expected = {"": None, "passes=2": None, "passes=0": float("inf"), "passes=0x0": float("inf"), "minutes=3": 3,
                "minutes=0x10 seed=1": 16, "passes=0 minutes=0X1f": 31, "minutes=010": 10}
    found = {options: soak_minutes(options) for options in expected}
    check(found == expected, "how long a soak lasts, by its options", found)


def soak_that_boots() -> None:
    """A kernel that still boots loses the first Ctrl-C, so tools/run must send another one."""
    forgets = str(emulator("forgets", f'[ "$1" = --version ] && exit; [ "$1" = -help ] && exit; echo TAP version 13; '
                           f'echo $$ $$ >"{PIDS}.new"; mv "{PIDS}.new" "{PIDS}"; head -c 1 >/dev/null; head -c 1 | od -An -tx1\n'))
    runner = start(["tools/run", "--qemu", forgets, "passes=0", "--log", str(PLACE / "forgets.log")])
    within(PATIENCE, PIDS.exists)
    runner.send_signal(signal.SIGINT)
    ended = within(PATIENCE, lambda: runner.poll() is not None)
    runner.kill()
    text = runner.communicate(timeout=PATIENCE)[0]
    check(ended and " 03" in (PLACE / "forgets.log").read_text(errors="replace"), "a soak that does not hear at first is asked again",
          text)


def at_any_moment(emulator_path: str) -> None:
    """Sends SIGKILL at 25 moments of the start, each a little later than the one before. No emulator may be left."""
    left = []
    for number in range(25):
        runner = start(["tools/run", "--qemu", emulator_path, "--log", str(PLACE / "moment.log")])
        time.sleep(0.1 + 0.01 * number + random.uniform(0, 0.01))
        runner.kill()
        runner.communicate()
    within(PATIENCE, lambda: not emulators(emulator_path))
    left = emulators(emulator_path)
    check(not left, "SIGKILL at 25 moments of its start: nothing is left", left)


forever = stand_in()
# Under nohup or behind a shell's "&" these signals are ignored, and our programs would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
run = ["tools/run", "--qemu", forever, "--log", str(PLACE / "leftover.log")]
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    nothing_stays(f"{number.name} to tools/run", run, number, "interrupted; raw log: ")
nothing_stays("SIGKILL to tools/run", run, signal.SIGKILL)
for number in (signal.SIGTERM, signal.SIGKILL):
    nothing_stays(f"{number.name} to make", [*MAKE, f"QEMU={forever}"], number)
at_any_moment(forever)
by_timeout()
soak_by_sigint()
soak_that_hangs()
soak_that_boots()
lengths_of_soaks()
deaf_soaks()
finish()
