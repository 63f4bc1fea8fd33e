# SPDX-License-Identifier: MIT
"""Test points and boots through tools/run, shared by the test programs of this directory."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

from zapwalk import log as zapwalk_log  # noqa: E402  (tools/ must be on the path first)
from zapwalk.ends import ENDS  # noqa: E402

# Exit statuses of the programs of tools/, from docs/commands.md, "How a run ends".
FAIL, INCOMPLETE, NOTHING_SHOWN, NOT_RUN, DIED, CANNOT_START = (
    ENDS[name].status for name in ("fail", "incomplete", "nothing_shown", "not_run", "died", "cannot_start"))

PROGRAM = Path(sys.argv[0]).stem
PLACE = ROOT / "build" / "test" / PROGRAM  # logs and fake programs; no other program writes here
SETTINGS = ("MACHINE", "IMAGE", "SMP", "MEM", "ARGS", "ACCEL", "QEMU", "QEMU_ARGS", "DEADLINE", "FUZZ_SECONDS",
            "GDB_BATCH", "GDB_PORT", "DEV", "FORCE", "NAME", "STOP", "O", "V", "FILES", "N", "SEED", "SINCE", "AGAIN", "MAKEFLAGS", "MFLAGS",
            "MAKEOVERRIDES", "MAKELEVEL", "MAKE_TERMOUT", "MAKE_TERMERR", "NO_COLOR")
IMAGE_LIMITS = {"lab": 1 << 20, "bench": 1 << 18}  # bytes

count = 0
failures = 0


def check(good: object, name: str, *shown: object) -> bool:
    """Prints one test point. The values of `shown` are printed only if it fails."""
    global count, failures
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}", flush=True)
    if not good:
        failures += 1
        for item in shown:
            for line in telling(str(item).splitlines()):
                print(f"#   {line}", flush=True)
    return bool(good)


def telling(lines: list[str]) -> list[str]:
    """Cuts a long output down to its error lines and its end."""
    head, tail = lines[:-25], lines[-25:]
    bad = [line for line in head if line.startswith(("FAIL ", "Bail out!", "# ev=panic", "make: "))]
    return bad + (["..."] if head else []) + tail


def skip(name: str, reason: str) -> None:
    global count
    count += 1
    print(f"ok {count} - {name} # SKIP {reason}", flush=True)


def finish() -> None:
    """Prints the plan and exits. Call it last in every program."""
    print(f"1..{count}", flush=True)
    sys.exit(1 if failures or not count else 0)


@dataclass
class Result:
    status: int
    text: str  # stdout and stderr together
    log: zapwalk_log.Log | None = None
    path: Path | None = None

    def says(self, *parts: str) -> bool:
        return all(part in self.text for part in parts)


def clean_environment(**more: str) -> dict[str, str]:
    """Returns the environment without the settings of the surrounding `make test`, because each test sets its own."""
    kept = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    return {**kept, **more}


def call(argv: list[str], seconds: float = 180, place: Path = ROOT, **environment: str) -> Result:
    """Runs a program from the repository's root, or from a copy's root. It gets no input and no terminal."""
    try:
        done = subprocess.run(argv, cwd=place, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as late:
        return Result(-1, (late.stdout or b"").decode("utf-8", "replace") + f"\n(hung for {seconds} s)")
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"))


def source_copy(name: str) -> Path:
    """Copies the source, as git lists it, below PLACE."""
    place = PLACE / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for path in call(["git", "ls-files", "-co", "--exclude-standard"]).text.splitlines():
        source, target = ROOT / path, place / path
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return place


def boot(options: str = "", arguments: tuple[str, ...] = (), name: str = "boot", **environment: str) -> Result:
    """Boots once through tools/run and keeps the raw log under `name`."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / f"{name}.log"
    path.unlink(missing_ok=True)
    result = call(["tools/run", "--log", str(path.relative_to(ROOT)), *arguments], ARGS=options, **environment)
    if path.exists():
        result.log, result.path = zapwalk_log.read(path), path
    return result


def interrupted(argv: list[str], name: str) -> None:
    """Starts `argv`, waits until a script in it has written its process number to PLACE/pid, and presses Ctrl-C. Checks
    that both processes end."""
    pid_file = PLACE / "pid"
    pid_file.unlink(missing_ok=True)
    # A background job of a shell ignores the signal, so restore the default action as at a terminal.
    runner = subprocess.Popen(argv, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    until = time.monotonic() + 60
    while time.monotonic() < until and not (pid_file.exists() and pid_file.read_text().strip()):
        time.sleep(0.001)
    runner.send_signal(signal.SIGINT)
    try:
        text = runner.communicate(timeout=60)[0].decode()
    except subprocess.TimeoutExpired:
        runner.kill()
        text = "(hung)"
    check(runner.returncode == 130 and "interrupted" in text and "Traceback" not in text, f"{name}: Ctrl-C ends it", text)
    check("raw log" in text, f"{name}: and it says where its log is", text)
    pid = pid_file.read_text().strip() if pid_file.exists() else ""
    check(pid and not Path(f"/proc/{pid}").exists(), f"{name}: and what it started is gone")


def emulator(name: str, text: str) -> Path:
    """Writes a script that stands in for an emulator."""
    return script(name, 'case "$1" in --version) echo "stand-in version 1.0"; exit;; esac\n' + text)


def script(name: str, text: str) -> Path:
    """Writes an executable shell script that stands in for another program."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path
