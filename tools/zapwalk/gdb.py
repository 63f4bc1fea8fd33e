# SPDX-License-Identifier: MIT
"""`make gdb` starts the machine stopped at its first instruction, and a debugger to run it to the race."""
from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from zapwalk.guess import did_you_mean
from zapwalk.machines import Missing, Problem, Settings, command, find
from zapwalk.places import OTHER
from zapwalk.symbols import debug_copy
from zapwalk.watch import Watched

SCRIPT = Path("tools/zapwalk.gdb")
RACES = Path("kernel/hooks/races.def")


@dataclass
class Target:
    """A port's debuggers and defaults. Unless the user gives others, `options` and `stop` lead to a lockless reader in the
    middle of its work."""

    debuggers: tuple[str, ...]
    options: str
    stop: str
    first: tuple[str, ...] = ()  # before gdb connects


# Without these, gdb reads memory of KSEG1 before the first instruction, and QEMU dies of it (docs/findings.md, F-038).
KSEG1_LEFT_OUT = ("mem 0 0xffffffffa0000000 rw", "mem 0xffffffffc0000000 0 rw")
FOREIGN = ("gdb-multiarch",)
TARGETS = {
    "x86": Target(("gdb", "gdb-multiarch", "i686-linux-gnu-gdb"), "run=pte/torn-read-high", "pte_between_halves"),
    "mips": Target((*FOREIGN, "mips-linux-gnu-gdb"), "run=pte/torn-read", "pte_between_halves", KSEG1_LEFT_OUT),
    "mipsel": Target((*FOREIGN, "mipsel-linux-gnu-gdb"), "run=pte/torn-read", "pte_between_halves", KSEG1_LEFT_OUT),
    "s390x": Target((*FOREIGN, "s390x-linux-gnu-gdb"), "run=gup/recheck", "gup_grabbed"),
}
SCENARIO = re.compile(r'\.name = "((?:gup|pte|tlb|walk)/[^"]*)"')


SHARED = re.compile(r'#include "(tests/(?:gup|pte|tlb|walk)/[^"]*)"')


def stop_at(default: str) -> str:
    """Returns the race point named by the user, or the default."""
    known = re.findall(r"^RACE\((\w+),", RACES.read_text(encoding="utf-8"), re.MULTILINE)
    name = os.environ.get("STOP") or default
    if name not in known:
        raise Problem(f"bad STOP={name}, which is no race point.{did_you_mean(name, known)} Valid: {' '.join(known)}")
    return name


def options_for(stop: str, port: str) -> str:
    """Selects scenarios likely to reach that point, because their scripts or judges name it. If there are none, selects
    everything not left to chance. Scenarios of other ports are not in the image."""
    others = {path.name for path in Path("arch").iterdir()} - {port.removesuffix("el")}
    found: list[str] = []
    for path in sorted(Path("tests").rglob("*.c")):
        text = path.read_text(encoding="utf-8")
        text += "".join(Path(name).read_text(encoding="utf-8") for name in SHARED.findall(text))
        if path.parent.name not in others and re.search(rf"\b(RACE_)?{stop}\b", text):
            found += SCENARIO.findall(text)
    return f"{'run=' * bool(found)}{','.join(found[:5])} mode=probe,choreo"


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
    target = TARGETS[find(settings.machine).port]
    stop = stop_at(target.stop)
    debugger = next((path for path in map(shutil.which, target.debuggers) if path), None)
    if not debugger:
        raise Missing(f"no gdb for this machine is installed. Install one with: apt-get install {target.debuggers[0]}")
    port = port_number()
    if not settings.options.strip():
        settings.options = options_for(stop, find(settings.machine).port) if os.environ.get("STOP") else target.options
    what = command(settings, str(image))
    log = OTHER / f"{settings.machine}-gdb.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as output:
        emulator = Watched([*what.argv, "-S", "-gdb", f"tcp:127.0.0.1:{port}"], stdout=output, stderr=subprocess.STDOUT)
    try:
        batch = ["-batch"] if os.environ.get("GDB_BATCH") else []
        orders = [*target.first, f"target remote 127.0.0.1:{port}", f"source {SCRIPT}", f"python begin('{stop}')"]
        argv = [debugger, "-q", "-readnow", *batch, str(debug_copy(image)), *(part for order in orders for part in ("-ex", order))]
        print(f"serial log: {log}", flush=True)
        return subprocess.run(argv, check=False).returncode
    finally:
        emulator.end()
