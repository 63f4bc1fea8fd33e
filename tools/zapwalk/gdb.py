# SPDX-License-Identifier: MIT
"""`make gdb`: the machine stopped at its first instruction, and a debugger that runs it to the race."""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

from zapwalk.machines import Missing, Problem, Settings, command
from zapwalk.places import OTHER
from zapwalk.symbols import debug_copy
from zapwalk.watch import Watched

DEBUGGERS = ("gdb", "gdb-multiarch", "i686-linux-gnu-gdb")
WORDS = "run=pte/torn-read-high"  # unless the user says others: gup_fast between two halves
SCRIPT = Path("tools/zapwalk.gdb")


def port_number() -> int:
    text = os.environ.get("GDB_PORT") or "1234"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Problem(f"bad GDB_PORT={text}. Valid: a TCP port")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError:
            raise Problem(f"port {text} is taken. Say another: make gdb GDB_PORT=1235") from None
    return int(text)


def session(settings: Settings, image: Path) -> int:
    debugger = next((path for path in map(shutil.which, DEBUGGERS) if path), None)
    if not debugger:
        raise Missing("no gdb is installed. Install one with: apt-get install gdb")
    port = port_number()
    if not settings.words.strip():
        settings.words = WORDS
    what = command(settings, str(image))
    log = OTHER / f"{settings.machine}-gdb.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as output:
        emulator = Watched([*what.argv, "-S", "-gdb", f"tcp:127.0.0.1:{port}"], stdout=output, stderr=subprocess.STDOUT)
    try:
        batch = ["-batch"] if os.environ.get("GDB_BATCH") else []
        argv = [debugger, "-q", *batch, str(debug_copy(image)), "-ex", f"target remote 127.0.0.1:{port}",
                "-x", str(SCRIPT)]
        print(f"serial log: {log}", flush=True)
        return subprocess.run(argv, check=False).returncode
    finally:
        emulator.end()
