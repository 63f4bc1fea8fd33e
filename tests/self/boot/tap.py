# SPDX-License-Identifier: MIT
"""What the test programs of this directory share: test points, and boots through tools/run."""
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

# What a program of tools/ ends with: docs/commands.md, "How a run ends".
FAIL, INCOMPLETE, NOTHING_SHOWN, NOT_RUN, DIED, CANNOT_START = (
    ENDS[name].status for name in ("fail", "incomplete", "nothing_shown", "not_run", "died", "cannot_start"))

PROGRAM = Path(sys.argv[0]).stem
PLACE = ROOT / "build" / "test" / PROGRAM  # logs, fake programs; nobody else writes here
SETTINGS = ("MACHINE", "IMAGE", "SMP", "MEM", "ARGS", "ACCEL", "QEMU", "QEMU_ARGS", "DEADLINE", "FUZZ_SECONDS",
            "GDB_BATCH", "GDB_PORT", "DEV", "FORCE", "NAME", "STOP", "O", "V", "FILES", "N", "SEED", "SINCE", "AGAIN", "MAKEFLAGS", "MFLAGS",
            "MAKEOVERRIDES", "MAKELEVEL", "MAKE_TERMOUT", "MAKE_TERMERR", "NO_COLOR")
IMAGE_LIMITS = {"lab": 1 << 20, "bench": 1 << 18}  # bytes

count = 0
failures = 0


def check(good: object, name: str, *shown: object) -> bool:
    """One test point; what is shown, only when it fails."""
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
    """Of a long output: what went wrong in it, and how it ended."""
    head, tail = lines[:-25], lines[-25:]
    bad = [line for line in head if line.startswith(("FAIL ", "Bail out!", "# ev=panic", "make: "))]
    return bad + (["..."] if head else []) + tail


def skip(name: str, reason: str) -> None:
    global count
    count += 1
    print(f"ok {count} - {name} # SKIP {reason}", flush=True)


def finish() -> None:
    """The last call of a program: the plan, and the exit status."""
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
    """Without what `make test` was called with: a test says itself what it wants."""
    kept = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    return {**kept, **more}


def call(argv: list[str], seconds: float = 180, place: Path = ROOT, **environment: str) -> Result:
    """Runs a program from the repository's root, or that of a copy. No input, no terminal."""
    try:
        done = subprocess.run(argv, cwd=place, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as late:
        return Result(-1, (late.stdout or b"").decode("utf-8", "replace") + f"\n(hung for {seconds} s)")
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"))


def source_copy(name: str) -> Path:
    """The source, as git has it, below PLACE."""
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
    """One boot through tools/run, its raw log kept under `name`."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / f"{name}.log"
    path.unlink(missing_ok=True)
    result = call(["tools/run", "--log", str(path.relative_to(ROOT)), *arguments], ARGS=options, **environment)
    if path.exists():
        result.log, result.path = zapwalk_log.read(path), path
    return result


def interrupted(argv: list[str], name: str) -> None:
    """Starts it, with a script that put its number into the file PLACE/pid, and then presses Ctrl-C: both end."""
    pid_file = PLACE / "pid"
    pid_file.unlink(missing_ok=True)
    # As at a terminal, even where this is a shell's background job, which ignores the signal.
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
    """A script that stands in for an emulator."""
    return script(name, 'case "$1" in --version) echo "stand-in version 1.0"; exit;; esac\n' + text)


def script(name: str, text: str) -> Path:
    """An executable shell script, for programs that stand in for others."""
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path
