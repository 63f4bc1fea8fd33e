# SPDX-License-Identifier: MIT
"""Runs an emulator within a deadline. Its output goes to the raw log, and line by line to the caller."""
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

from zapwalk.watch import Watched, is_below, maker

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HEADER = b"TAP version 13"
LINE_MAX = 65536  # a console without newlines must not fill our memory
LOG_MAX = 64 << 20   # bytes of a log, and of the emulator's own output, because a runaway guest must not fill the disk
SAID_MAX = 1 << 16
ANSWER_MAX = 1 << 20  # bytes read of an answer
BEGIN = 10.0      # from the emulator's start to the first line, if has_begun asks for it
ASKED = 60.0      # from our asking the kernel to end to the emulator's end
ASK_AGAIN = 1.0   # from one Ctrl-C to the next
CTRL_C = b"\x03"
GRACE = 5.0       # from the kernel's last line to the emulator's end


@dataclass
class Ending:
    """status is the emulator's exit status, or the negative signal. killed says why we ended it, or is ""."""

    status: int
    killed: str
    stderr: str
    interrupted: int = 0  # the signal asking us to end


class Splitter:
    """Turns bytes into lines."""

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
    """The machine's output unchanged, with one line of ours behind its header. Our line names the accelerator of the CPUs."""

    def __init__(self, file: BinaryIO, note: Callable[[str], str] | None, session: int):
        self.file = file
        self.note = note  # None after it was called
        self.session = session
        self.size = 0
        self.line = b""   # its line, until that is written
        self.begun = b""  # the output before that line

    def look(self, now: bool = False) -> None:
        """Calls note() with the accelerator of the CPUs as soon as it is known. If it must be called `now`, calls it with ""."""
        if not self.note:
            return
        ran = accelerator(self.session)
        if ran or now:
            self.line = f"{self.note(ran)}\n".encode()
            self.note = None

    @property
    def is_full(self) -> bool:
        return self.size > LOG_MAX

    def write(self, data: bytes) -> None:
        self.look(now=True)
        self.size += len(data)
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
    """The threads' names of every process of the session, because a script may have started the emulator. A process or a
    thread may end meanwhile, and the others are still named."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            tasks = list((place / "task").iterdir()) if os.getsid(int(place.name)) == session else []
        except OSError:
            continue
        for task in tasks:
            try:
                yield (task / "comm").read_text().strip()
            except OSError:
                pass


def accelerator(session: int) -> str:
    """Returns the accelerator of the machine's CPUs, as QEMU's -accel has it ("tcg,thread=multi" and so on), by the names of
    its threads (-name debug-threads=on). Returns "" if there is no such thread, or not yet."""
    found = [re.fullmatch(r"(CPU \d+|ALL CPUs)/(\w+)", name) for name in thread_names(session)]
    cpus = {match.groups() for match in found if match}
    kinds = sorted({kind.lower() for _, kind in cpus})
    threads = "single" if any(who == "ALL CPUs" for who, _ in cpus) else "multi"
    return ",".join(f"tcg,thread={threads}" if kind == "tcg" else kind for kind in kinds)


class Errors:
    """The emulator's own output. It is read all the time, so the emulator never waits for us, and the beginning is kept."""

    def __init__(self, stream: BinaryIO):
        self.stream = stream
        self.kept = b""
        self.lost = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        while data := os.read(self.stream.fileno(), 65536):
            room = SAID_MAX - len(self.kept)
            self.kept += data[:room]
            self.lost += max(0, len(data) - room)

    def text(self) -> str:
        """Call after the emulator has ended."""
        self.reader.join(GRACE)
        lost = f"\n... and {self.lost} bytes more" if self.lost else ""
        return self.kept.decode("utf-8", "replace").strip() + lost


def run(argv: list[str], raw_log: Path, take: Callable[[str], None], is_done: Callable[[], bool],
        deadline: float, note: Callable[[str], str] | None = None, has_begun: Callable[[], bool] = lambda: True,
        tell: Callable[[str], None] | None = None) -> Ending:
    """Give `tell` if the kernel ends by itself after a Ctrl-C. Then SIGINT and the deadline ask it to, and tell() says so
    to people. note() is called once before the first line is taken, with the accelerator of the machine's CPUs or "". It
    returns a line for the log. A machine without a beginning after BEGIN seconds is ended. Raises OSError if the emulator
    cannot be started or the log cannot be written."""
    make = maker()  # before the emulator starts, because a make killed in between must not leave it behind
    with open(raw_log, "wb") as file, noted_signals() as noted:
        watched = Watched(argv, stdin=subprocess.PIPE if tell else subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
        process, stopped = watched.process, 0
        asker = Asker(process, deadline, tell) if tell else None
        raw, errors = RawLog(file, note, process.pid), Errors(process.stderr)
        try:
            killed = pump(process, raw, Splitter(take), lambda: go_on(noted, make, asker) and is_done(),
                          deadline + (ASKED if tell else 0), has_begun)
        except Stopped as stop:
            killed, stopped = "interrupted", stop.signal
        except KeyboardInterrupt:  # by is_done
            killed, stopped = "interrupted", signal.SIGINT
        finally:
            raw.look(now=True)
            watched.kill()
            said = errors.text()
            watched.end()
        return Ending(process.returncode, killed, said, stopped)


class Asker:
    """Asks the kernel to end, by a Ctrl-C on its serial port. A booting kernel forgets all input from before its soak, so
    it is asked again and again."""

    def __init__(self, process: subprocess.Popen, deadline: float, tell: Callable[[str], None]):
        self.process = process
        self.tell = tell
        self.due = time.monotonic() + deadline
        self.until = 0.0  # when it must have ended; 0 before it was asked
        self.again = 0.0  # when to ask it again

    def ask(self) -> bool:
        """Returns False if it was asked before."""
        if self.until:
            return False
        self.until = time.monotonic() + ASKED
        self.tell(f"asked the kernel to end; it has {ASKED:g} s (Ctrl-C once more: at once)")
        return True

    def look(self) -> None:
        now = time.monotonic()
        if not self.until and now > self.due:
            self.ask()
        if self.until and now > self.until:
            raise Stopped(signal.SIGINT)
        if self.until and now > self.again:
            self.again = now + ASK_AGAIN
            self.send()

    def send(self) -> None:
        try:
            os.write(self.process.stdin.fileno(), CTRL_C)
        except BrokenPipeError:  # it has ended meanwhile
            pass


class Stopped(Exception):
    """We were asked to end by this signal."""

    @property
    def signal(self) -> int:
        return self.args[0]


@contextmanager
def noted_signals() -> Iterator[list[int]]:
    """Notes a signal asking us to end, for pump() to find, so that the emulator ends first and the run says where its log
    is. Only the main thread gets signals. An ignored signal stays ignored."""
    noted: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in STOPPING}
    ours = [number for number, how in before.items() if how in (signal.SIG_DFL, signal.default_int_handler)]
    for number in ours:
        signal.signal(number, lambda number, _: noted.append(number))
    try:
        yield noted
    finally:
        for number in ours:
            signal.signal(number, before[number])


def go_on(noted: list[int], make: int, asker: Asker | None) -> bool:
    """Returns True if nobody asked us to end, and the make above us, if any, still runs. A killed make cannot ask."""
    if noted[:1] == [signal.SIGINT] and asker and asker.ask():
        del noted[0]  # but not a second one, which may have come meanwhile
    if asker:
        asker.look()
    if noted:
        raise Stopped(noted[0])
    if make and not is_below(make):
        raise Stopped(signal.SIGTERM)
    return True


def pump(process: subprocess.Popen, raw: RawLog, lines: Splitter, is_done: Callable[[], bool], deadline: float,
         has_begun: Callable[[], bool]) -> str:
    """Runs until the emulator has ended or must end. Returns why we have to end it, or ""."""
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
            if raw.is_full:
                return f"it printed more than {LOG_MAX >> 20} MiB"
        elif ready or gone:
            lines.flush()
            return "" if gone or wait(process, limit, is_done) else "it closed its output and went on"
        gone = process.poll() is not None
        raw.look()
        if is_done() and not grace_given:
            grace_given, limit = True, min(limit, time.monotonic() + GRACE)
        if not gone and time.monotonic() > started + BEGIN and not has_begun():
            lines.flush()
            return f"it did not begin within {BEGIN:.0f} s"
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
    """Returns a program's text for --version or -help, or "" if that fails or takes more than 5 seconds. Asks once."""
    with tempfile.TemporaryFile() as said:
        watched = Watched([program, option], stdout=said, stderr=subprocess.DEVNULL)
        try:
            watched.process.wait(5)
        except subprocess.TimeoutExpired:
            return ""
        finally:
            watched.end()
        said.seek(0)
        return "" if watched.process.returncode else said.read(ANSWER_MAX).decode("utf-8", "replace")
