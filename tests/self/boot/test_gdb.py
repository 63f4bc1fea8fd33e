#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make gdb on each port. Fails if gdb does not stop in the walker or at STOP=, or if its backtrace or our commands do
not work there."""
from __future__ import annotations

import re
import shutil
import socket
import subprocess

from tap import NOT_RUN, ROOT, Result, call, check, clean_environment, finish, skip

# By machine, the race point and the function of the first stop, and the entry in the last line of `pte` there.
MACHINES = {
    "x86-pc": ("pte_between_halves", "ptep_get_lockless", r"pte\[0\] .* P RW US A D present NX +frame 0x1[0-9a-f]{5},"),
    "mips": ("pte_between_halves", "lab_walk", r"pte\[0\] .* PRESENT WRITE ACCESSED MODIFIED V D XI +frame 0x10fe001,"),
    "s390x": ("gup_grabbed", "gup_pte_range", r"pte\[0\] .* I +nothing: the slot is empty"),
}
DEBUGGERS = {"x86-pc": ("gdb", "gdb-multiarch")}
TYPED = """cpus
pte 0x40200000
pte variant.va
pte variant.legal[0]
pte *variant.ptep
pte variant.nosuch
pte cpus
race {point}
cpus
"""


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def gdb(machine: str, typed: str, options: str = "", **more: str) -> Result:
    """Runs make gdb and types these lines into it."""
    settings = [f"{name}={value}" for name, value in {"MACHINE": machine, "GDB_PORT": free_port(), "ARGS": options, **more}.items()]
    try:
        done = subprocess.run(["make", "-s", "gdb", *settings], cwd=ROOT, input=typed, text=True, env=clean_environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180, check=False)
    except subprocess.TimeoutExpired as late:
        return Result(-1, (late.stdout or b"").decode("utf-8", "replace") + "\n(hung)")
    return Result(done.returncode, done.stdout)


def stops(machine: str) -> None:
    point, function, _ = MACHINES[machine]
    result = gdb(machine, "", GDB_BATCH="1")
    check(result.status == 0, f"{machine}: it comes back", result.text)
    check(re.search(rf"^CPU \d is at {point}, value 0x", result.text, re.MULTILINE) and function in result.text,
          f"{machine}: stops at {point} in {function}", result.text)
    frames = [line for line in " ".join(result.text.splitlines()).split("#") if re.match(r"\d+ ", line)]
    check(len(frames) > 5 and all(re.search(r" at \S+:\d+", frame) for frame in frames[:5]),
          f"{machine}: frames have file and line", result.text)


def commands(machine: str) -> None:
    """At the first stop one walker must be inside its walk. At the later one the writer must be at work, with its
    request pending."""
    _, _, entry = MACHINES[machine]
    later = "shootdown_sent" if machine != "s390x" else "clear_done"
    text = gdb(machine, TYPED.format(point=later)).text
    rows = re.findall(r"^(?:\(gdb\) )?  (\d) ([* ])? +(\S+) +(yes|no|lazy|-) +\d+, (inside|outside) +(.+)$", text, re.MULTILINE)
    check(len(rows) == 4 and [row[4] for row in rows[:2]].count("inside") == 1, f"{machine}: cpus: one is inside a walk", text)
    check(text.count(": mask 0,1; attached 0,1; clearing none") >= 1, f"{machine}: cpus: the masks of the space", text)
    check(len(re.findall(entry, text)) == 2, f"{machine}: pte takes an address, and an expression that is one", text)
    check(len(re.findall(r"^  pte  0x", text, re.MULTILINE)) == 2, f"{machine}: pte takes entries", text)
    check("variant.nosuch: There is no member named nosuch." in text and "cpus is neither an address nor an entry" in text
          and "Traceback" not in text and "Python Exception" not in text, f"{machine}: pte refuses others in a line", text)
    if machine != "s390x":  # it sends no shootdowns
        check(any(re.match(r"shootdown of CPU \d ", row[5]) for row in rows[2:]), f"{machine}: cpus: a request is pending", text)


def stop_where_asked(machine: str, stop: str, options: str) -> None:
    """Stops at the race point `stop`. make gdb must find a scenario with this point by itself and run it with
    `options`."""
    result = gdb(machine, "", GDB_BATCH="1", STOP=stop)
    check(result.status == 0 and re.search(rf"^CPU \d is at {stop}, value", result.text, re.MULTILINE), f"{machine}: STOP={stop}",
          result.text)
    log = (ROOT / f"build/logs/other/{machine}-gdb.log").read_text(encoding="utf-8", errors="replace")
    check(options in log, f"{machine}: STOP={stop} runs {options}", log[:1000])


def mistakes() -> None:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    result = call(["tools/run", "--gdb"], GDB_BATCH="1", GDB_PORT=str(taken.getsockname()[1]))
    check(result.status == NOT_RUN and result.says("GDB_PORT"), "a port that is taken is named", result.text)
    result = call(["tools/run", "--gdb"], GDB_BATCH="1", STOP="clear_doen")
    check(result.status == NOT_RUN and result.says("STOP=clear_doen", "Did you mean clear_done?", "role_done"),
          "STOP= with a wrong name", result.text)
    result = gdb("x86-pc", "", "run=tlb/stale mode=choreo", GDB_BATCH="1", STOP="page_freed_twice")
    check(result.status == 2 and result.says("no CPU came to page_freed_twice"), "STOP= where nobody comes", result.text)


for machine in MACHINES:
    if not any(map(shutil.which, DEBUGGERS.get(machine, ("gdb-multiarch",)))):
        skip(f"make gdb MACHINE={machine}", "its gdb is not installed: tools/setup test")
        continue
    call(["make", "lab", f"MACHINE={machine}"])
    stops(machine)
    commands(machine)
stop_where_asked("x86-pc", "zap_taking_present", "run=pte/dirty-lost")
mistakes()
finish()
