#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`make gdb` stops in the walker, at the race, with a usable backtrace."""
from __future__ import annotations

import shutil
import socket

from tap import NOT_RUN, call, check, finish, skip


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


if shutil.which("gdb") or shutil.which("gdb-multiarch"):
    result = call(["tools/run", "--gdb"], GDB_BATCH="1", GDB_PORT=free_port())
    check(result.status == 0, "it comes back", result.text)
    check(result.says("race_reached", "ptep_get_lockless"), "stops at the race point in the walker", result.text)
    frames = [line for line in result.text.splitlines() if line.startswith("#")]
    check(len(frames) >= 3 and any("gup" in line for line in frames), "the backtrace goes up to gup_fast", result.text)
    check(frames and all(" at " in line for line in frames[:3]), "frames have file and line", result.text)
else:
    skip("make gdb", "gdb is not installed: tools/setup test")
taken = socket.socket()
taken.bind(("127.0.0.1", 0))
result = call(["tools/run", "--gdb"], GDB_BATCH="1", GDB_PORT=str(taken.getsockname()[1]))
check(result.status == NOT_RUN and result.says("GDB_PORT"), "a port that is taken is named", result.text)
finish()
