# SPDX-License-Identifier: MIT
"""Runs an emulator: its output to the raw log and line by line to the caller, within a deadline."""
from __future__ import annotations

import functools
import os
import re
import select
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Callable, Iterator

HEADER = b"TAP version 13"
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


class RawLog:
    """What came out of the machine as it came, and behind its header one line of ours: what the machine ran on."""

    def __init__(self, file: BinaryIO, note: Callable[[str], str] | None, session: int):
        self.file = file
        self.note = note  # None: it was called
        self.session = session
        self.line = b""   # what it said, until that is written
        self.begun = b""  # what came before that

    def look(self, now: bool = False) -> None:
        """Tells what runs the CPUs as soon as it is known, or that it is not if it has to be said now."""
        if not self.note:
            return
        ran = accelerator(self.session)
        if ran or now:
            self.line = f"{self.note(ran)}\n".encode()
            self.note = None

    def write(self, data: bytes) -> None:
        self.look(now=True)
        self.file.write(data)
        if self.line:
            self.begun += data
            before, header, rest = self.begun.partition(HEADER)
            first, newline, rest = rest.partition(b"\n")
            if newline:
                self.file.seek(len(before + header + first + newline))
                self.file.write(self.line + rest)
                self.line = self.begun = b""
        self.file.flush()


def thread_names(session: int) -> Iterator[str]:
    """Of every process of the session: the emulator, whatever script started it."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(place.name)) == session:
                yield from [(task / "comm").read_text().strip() for task in (place / "task").iterdir()]
        except OSError:  # it is gone meanwhile
            pass


def accelerator(session: int) -> str:
    """What runs the machine's CPUs, by the names that QEMU gives its threads (-name debug-threads=on): "tcg,
    thread=multi" and so on, as its -accel has it. "": there is no such thread, or not yet."""
    found = [re.fullmatch(r"(CPU \d+|ALL CPUs)/(\w+)", name) for name in thread_names(session)]
    cpus = {match.groups() for match in found if match}
    kinds = sorted({kind.lower() for _, kind in cpus})
    threads = "single" if any(who == "ALL CPUs" for who, _ in cpus) else "multi"
    return ",".join(f"tcg,thread={threads}" if kind == "tcg" else kind for kind in kinds)


def run(argv: list[str], raw_log: Path, take: Callable[[str], None], is_done: Callable[[], bool],
        deadline: float, note: Callable[[str], str] | None = None) -> Ending:
    """note is called once, with what runs the machine's CPUs or "", before its first line is taken; returns a line for
    the log. Raises OSError if the emulator cannot be started or the log not be written."""
    with open(raw_log, "wb") as file, tempfile.TemporaryFile() as errors, noted_interrupts() as noted:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                   start_new_session=True)
        raw = RawLog(file, note, process.pid)
        try:
            killed = pump(process, raw, Splitter(take), lambda: no_interrupt(noted) and is_done(), deadline)
            interrupted = False
        except KeyboardInterrupt:
            killed, interrupted = "interrupted", True
        finally:
            raw.look(now=True)
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


def pump(process: subprocess.Popen, raw: RawLog, lines: Splitter, is_done: Callable[[], bool], deadline: float) -> str:
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
            lines.feed(data)
        elif ready or gone:
            lines.flush()
            return "" if gone or wait(process, limit, is_done) else "it closed its output and went on"
        gone = process.poll() is not None
        raw.look()
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
