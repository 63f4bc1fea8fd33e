#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tests/self/harness, which runs all test programs. Fails if a test program can fail in some way without a failure in
the sum and in the exit status."""
from __future__ import annotations

import subprocess

from tap import PLACE, ROOT, check, clean_environment, finish, script

GOOD = 'echo 1..3; echo ok 1; echo ok 2; echo "ok 3 # SKIP not here"'
TWO = "echo 1..2; echo ok 1; echo ok 2; "  # passes all of its plan
# The behaviour of a program, and the numbers of passed and failed points it adds to the sum.
BAD = {
    "fails a point": ("echo 1..2; echo not ok 1; echo ok 2; exit 1", 1, 1),
    "fails a point, and says that it passed": ("echo 1..2; echo not ok 1; echo ok 2", 1, 1),
    "dies after its plan": (TWO + "kill -SEGV $$", 2, 1),
    "dies after its plan, of a sanitizer": (TWO + "exit 134", 2, 1),
    "exits 1 after its plan": (TWO + "exit 1", 2, 1),
    "dies before its plan": ("echo ok 1; echo ok 2; kill -KILL $$", 2, 1),
    "forgets its plan": ("echo ok 1", 1, 1),
    "ends before its plan does": ("echo 1..3; echo ok 1; echo ok 2", 2, 1),
    "goes on behind its plan": ("echo 1..1; echo ok 1; echo ok 2", 1, 1),
    "says nothing": ("true", 0, 1),
    "cannot be run": ("exec /nosuch/program", 0, 1),
}


def run(*programs: str) -> tuple[int, str]:
    """Runs the harness in a place without tests of its own, because it would also run any tests below it."""
    done = subprocess.run([ROOT / "tests/self/harness", *programs], cwd=PLACE, env=clean_environment(), text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    return done.returncode, done.stdout


def sum_is(text: str, passed: int, failed: int, skipped: int) -> bool:
    lines = text.splitlines()
    return bool(lines) and lines[-1] == f"{passed} passed, {failed} failed, {skipped} skipped"


good = str(script("good", GOOD))
status, said = run(good)
check(status == 0 and sum_is(said, 2, 0, 1), "a program that passes: so does the harness", said)
for number, (name, (text, passed, failed)) in enumerate(BAD.items()):
    bad = str(script(f"bad{number}", text))
    for programs in (bad, good), (good, bad):
        status, said = run(*programs)
        check(status == 1 and sum_is(said, passed + 2, failed, 1),
              f"one that {name}, {'after' if programs[0] == good else 'before'} a good one: counted", said)
status, said = run(str(script("skips", 'echo 1..1; echo "ok 1 # SKIP not here"')))
check(status == 1 and sum_is(said, 0, 0, 1), "nothing but what is skipped: no success", said)
status, said = run(str(script("bails", 'echo 1..2; echo ok 1; echo "Bail out! no machine"')), good)
check(status not in (0, 1) and "no machine" in said, "a program that bails out ends it all, and says why", said)
status, said = run()
check(status == 1 and sum_is(said, 0, 0, 0), "no program at all: no success", said)
finish()
