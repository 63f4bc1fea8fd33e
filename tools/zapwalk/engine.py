# SPDX-License-Identifier: MIT
"""Runs an emulator: its output to the raw log and line by line to the caller, within a deadline."""
from __future__ import annotations

import functools
import os
import select
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

LINE_MAX = 65536  # a console that sends no newline must not fill our memory
ANSWER_MAX = 1 << 20  # bytes of an answer that are read
GRACE = 5.0       # from the kernel's last line to the emulator's end


@dataclass
class Ending:
    """status: the emulator's exit status (negative: the signal); killed: why we ended it, or ""."""

    status: int
    killed: str
    stderr: str
    interrupted: bool = False


class Splitter:
    """Bytes to lines."""

    def __init__(self, take: Callable[[str], None]):
        self.take = take
        self.rest = b""

    def feed(self, data: bytes) -> None:
        *whole, self.rest = (self.rest + data).split(b"\n")
        for line in whole:
            self.take(line.decode("utf-8", "replace"))
        if len(self.rest) > LINE_MAX:
            self.flush()

    def flush(self) -> None:
        if self.rest:
            self.take(self.rest.decode("utf-8", "replace"))
            self.rest = b""


def run(argv: list[str], raw_log: Path, take: Callable[[str], None], is_done: Callable[[], bool],
        deadline: float) -> Ending:
    """Raises OSError if the emulator cannot be started or the log not be written."""
    with open(raw_log, "wb") as raw, tempfile.TemporaryFile() as errors, noted_interrupts() as noted:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                   start_new_session=True)
        try:
            killed = pump(process, raw, Splitter(take), lambda: no_interrupt(noted) and is_done(), deadline)
            interrupted = False
        except KeyboardInterrupt:
            killed, interrupted = "interrupted", True
        finally:
            end(process)
        errors.seek(0)
        return Ending(process.returncode, killed, errors.read().decode("utf-8", "replace").strip(), interrupted)


@contextmanager
def noted_interrupts() -> Iterator[threading.Event]:
    """Ctrl-C is noted, for pump() to find: raised in the middle of a start it would leave the emulator behind. Only the
    main thread gets any."""
    noted = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield noted
        return
    signal.signal(signal.SIGINT, lambda *_: noted.set())
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def no_interrupt(noted: threading.Event) -> bool:
    if noted.is_set():
        raise KeyboardInterrupt
    return True


def pump(process: subprocess.Popen, raw, lines: Splitter, is_done: Callable[[], bool], deadline: float) -> str:
    """Until the emulator is gone or has to go; returns why we have to end it, or ""."""
    started = time.monotonic()
    limit = started + deadline
    grace_given = False
    gone = False
    while True:
        ready, _, _ = select.select([process.stdout], [], [], 0.05 if gone else min(0.25, deadline))
        data = os.read(process.stdout.fileno(), 65536) if ready else b""
        if data:
            raw.write(data)
            raw.flush()
            lines.feed(data)
        elif ready or gone:
            lines.flush()
            return "" if gone or wait(process, limit, is_done) else "it closed its output and went on"
        gone = process.poll() is not None
        if is_done() and not grace_given:
            grace_given, limit = True, min(limit, time.monotonic() + GRACE)
        if not gone and time.monotonic() > limit:
            lines.flush()
            return (f"it did not end within {GRACE:.0f} s of the kernel's last line" if grace_given
                    else f"it was still running after {deadline:g} s")


def wait(process: subprocess.Popen, limit: float, is_done: Callable[[], bool]) -> bool:
    while process.poll() is None and time.monotonic() < limit:
        is_done()
        time.sleep(0.01)
    return process.poll() is not None


@functools.lru_cache(maxsize=None)
def ask(program: str, option: str) -> str:
    """What a program prints for --version or -help; "" if that fails, or takes more than 5 seconds. It is asked once."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([program, option], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            return ""
        finally:
            end(process)
        said.seek(0)
        return "" if process.returncode else said.read(ANSWER_MAX).decode("utf-8", "replace")


def end(process: subprocess.Popen) -> None:
    """The emulator and whatever it started: it has a process group of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    if process.stdout:
        process.stdout.close()
