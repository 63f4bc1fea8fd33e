#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.engine, which runs an emulator. Fails if the emulator is ended by the wrong cause or at the wrong time. The
clock is made up wherever time matters, so nothing here waits for it."""
from __future__ import annotations

import io
import signal
import subprocess
import threading
from pathlib import Path
from unittest import mock

from host import PLACE, check, finish, pipes, raised, same
from zapwalk import engine

SHELL = ["/bin/sh", "-c"]


class World:
    """A made-up clock and an emulator. Its outputs come at given times as (seconds, bytes), and None ends them. The
    process is gone at `gone`, if this is given."""

    def __init__(self, *outputs: tuple[float, bytes | None], gone: float | None = None):
        self.now = 100.0
        self.outputs = [(100.0 + at, data) for at, data in outputs]
        self.gone = None if gone is None else 100.0 + gone
        self.timeouts: list[float] = []
        self.stdout = self
        self.reads: list[int] = []

    def fileno(self) -> int:
        return -1

    def poll(self) -> int | None:
        return 0 if self.gone is not None and self.now >= self.gone else None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.timeouts.append(seconds)
        self.now += seconds

    def select(self, reading: list, _: list, __: list, seconds: float) -> tuple[list, list, list]:
        self.timeouts.append(seconds)
        if self.outputs and self.outputs[0][0] <= self.now + seconds:
            self.now = max(self.now, self.outputs[0][0])
            return reading, [], []
        self.now += seconds
        return [], [], []

    def read(self, _: int, most: int) -> bytes:
        self.reads.append(most)
        return self.outputs.pop(0)[1] or b""

    def pump(self, deadline: float = 60.0, is_done=lambda: False, has_begun=lambda: True) -> tuple[str, list[str], bytes, float]:
        """Pumps the emulator's output. Returns the reason for its end, the lines, the raw log and the elapsed time."""
        lines: list[str] = []
        file = io.BytesIO()
        raw = engine.RawLog(file, None, 0)
        with mock.patch.object(engine.time, "monotonic", self.monotonic), mock.patch.object(engine.time, "sleep", self.sleep), \
                mock.patch.object(engine.select, "select", self.select), mock.patch.object(engine.os, "read", self.read):
            why = engine.pump(self, raw, engine.Splitter(lines.append), is_done, deadline, has_begun)
        return why, lines, file.getvalue(), self.now - 100.0


def pumped() -> None:
    same("it ends by itself", World((1, b"a\n"), (2, b"b"), (3, None), gone=3).pump(), ("", ["a", "b"], b"a\nb", 3.0))
    same("it closed its output, and is gone a little later", World((1, b"a\n"), (1, None), gone=1.5).pump()[0], "")
    same("or goes on", World((1, b"a\nb"), (1, None)).pump(deadline=5)[:3],
         ("it closed its output and went on", ["a", "b"], b"a\nb"))
    same("output that is still there when it is gone", World((1, b"a\n"), (1, b"b\n"), (1.02, b"c"), gone=1).pump()[1],
         ["a", "b", "c"])
    same("somebody else holds its output, it is gone", World((1, b"a"), gone=1.1).pump()[:2], ("", ["a"]))
    same("too long", World((1, b"a\nb")).pump(deadline=30), ("it was still running after 30 s", ["a", "b"], b"a\nb", 30.25))
    same("too long, in seconds and parts", World().pump(deadline=0.1)[0], "it was still running after 0.1 s")
    late = World((1, b"a\n"), (2, b"# ev=done\nx"))
    same("it goes on behind the last line", late.pump(is_done=lambda: late.now >= 102), (
        "it did not end within 5 s of the kernel's last line", ["a", "# ev=done", "x"], b"a\n# ev=done\nx", 7.25))
    late = World((1, b"a\n"))
    same("the deadline stays where it is nearer", late.pump(deadline=4, is_done=lambda: late.now >= 103)[3], 4.25)
    same("it does not begin", World((1, b"a\nb")).pump(has_begun=lambda: False),
         ("it did not begin within 10 s", ["a", "b"], b"a\nb", 10.25))
    same("what is gone need not begin", World((10.2, b"a"), gone=10.2).pump(has_begun=lambda: False)[:2], ("", ["a"]))
    looks = World((1, None), gone=1)
    looks.pump(deadline=0.1)
    same("a short deadline is looked at often", looks.timeouts[0], 0.1)
    looks = World((0.5, b"x"), gone=0.5)
    looks.pump()
    same("a long one seldom, and what is gone at once", (looks.timeouts[0], looks.timeouts[-1], looks.reads[0]),
         (0.25, 0.05, 65536))
    order: list[str] = []
    with mock.patch.object(engine.RawLog, "write", lambda raw, data: order.append("written")), \
            mock.patch.object(engine.Splitter, "feed", lambda lines, data: order.append("shown")):
        World((1, b"a\n"), (2, None), gone=2).pump()
    same("what is shown is in the log", order, ["written", "shown"])
    full = World((1, b"x" * 9))
    with mock.patch.object(engine, "LOG_MAX", 8):
        same("a runaway guest", full.pump()[0], "it printed more than 0 MiB")
    with mock.patch.object(engine, "LOG_MAX", 3 << 20):
        same("it is said of how much", World((1, bytes((3 << 20) + 1))).pump()[0], "it printed more than 3 MiB")
    same("of how much that is", engine.LOG_MAX, 67108864)
    known: list[bool] = []
    with mock.patch.object(engine.RawLog, "look", lambda raw, now=False: known.append(now)):
        World((1, b"x"), (1, None), gone=1).pump()
    same("who runs the CPUs is looked at after each step", known, [False, False, False, True, False])


def waits() -> None:
    world = World(gone=0.035)
    asked: list[float] = []
    with mock.patch.object(engine.time, "monotonic", world.monotonic), mock.patch.object(engine.time, "sleep", world.sleep):
        same("it is waited for", engine.wait(world, 101.0, lambda: asked.append(world.now)), True)
        check(len(asked) == 4 and set(world.timeouts) == {0.01}, "somebody may stop the wait at each look", asked, world.timeouts)
        same("not beyond the limit", engine.wait(World(), 99.0, lambda: False), False)
        world.now, asked = 100.0, []
        engine.wait(World(), 100.0, lambda: asked.append(world.now))
        same("the limit itself is none of it", asked, [])


class Pipe:
    """The emulator's keyboard."""

    def __init__(self):
        self.stdin = self

    def fileno(self) -> int:
        return 77


def askers() -> None:
    world = World()
    told: list[str] = []
    sent: list[tuple[int, bytes]] = []

    def write(where: int, data: bytes) -> None:
        sent.append((where, data))
        if len(sent) == 3:
            raise BrokenPipeError

    def looked(at: float) -> int:
        world.now = 100.0 + at
        one.look()
        return len(sent)

    with mock.patch.object(engine.time, "monotonic", world.monotonic), mock.patch.object(engine.os, "write", write):
        one = engine.Asker(Pipe(), 30.0, told.append)
        same("before its time nobody is asked", [looked(0), looked(29), looked(30), one.until], [0, 0, 0, 0.0])
        same("then once a second", [looked(30.5), looked(31), looked(31.5), looked(31.6), looked(32.7)], [1, 1, 1, 2, 3])
        same("by Ctrl-C, whether it is there or gone", sent[0], (77, b"\x03"))
        same("which is told once", (told, one.ask()), (["asked the kernel to end; it has 60 s (Ctrl-C once more: at once)"], False))
        looked(90.5)
        stop = None
        try:
            looked(90.6)
        except engine.Stopped as stopped:
            stop = stopped.signal
        same("a minute later it is over", stop, signal.SIGINT)
        world.now = 100.0
        one = engine.Asker(Pipe(), 30.0, told.append)
        same("it can be asked at once", (one.ask(), one.until, one.ask()), (True, 160.0, False))


def goes_on() -> None:
    def stopped(noted: list[int], make: int = 0, asker: object = None, below: bool = True) -> object:
        with mock.patch.object(engine, "is_below", lambda make: below):
            try:
                return engine.go_on(noted, make, asker)
            except engine.Stopped as stop:
                return stop.signal

    asker = mock.MagicMock()
    asker.ask.side_effect = [True, False]
    noted = [signal.SIGINT]
    same("nobody asks us to end", stopped([]), True)
    same("SIGTERM does", stopped([signal.SIGTERM, signal.SIGINT]), signal.SIGTERM)
    same("SIGINT, and there is nobody to ask", stopped([signal.SIGINT]), signal.SIGINT)
    same("SIGINT, the kernel is asked", (stopped(noted, asker=asker), noted, asker.look.call_count), (True, [], 1))
    same("SIGINT again", stopped([signal.SIGINT], asker=asker), signal.SIGINT)
    asker.ask.reset_mock()
    asker.ask.side_effect = [True]
    same("two at once", (stopped([signal.SIGINT, signal.SIGINT], asker=asker), asker.ask.call_count), (signal.SIGINT, 1))
    asker.ask.reset_mock()
    same("SIGTERM asks nobody", (stopped([signal.SIGTERM], asker=asker), asker.ask.call_count), (signal.SIGTERM, 0))
    same("the make above us is there, or gone", (stopped([], 5), stopped([], 5, below=False), stopped([], 0, below=False)),
         (True, signal.SIGTERM, True))


def signals() -> None:
    before = {number: signal.getsignal(number) for number in engine.STOPPING}
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with engine.noted_signals() as noted:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.raise_signal(number)
        same("signals are noted, those that were ignored are not", noted, [signal.SIGTERM, signal.SIGINT])
    same("and are as they were", [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)],
         [signal.SIG_DFL, signal.default_int_handler, signal.SIG_IGN])
    for number, how in before.items():
        signal.signal(number, how)
    elsewhere: list[object] = []

    def note() -> None:
        with engine.noted_signals() as noted:
            elsewhere.append(noted)

    thread = threading.Thread(target=note)
    thread.start()
    thread.join()
    same("another thread gets none", elsewhere, [[]])
    same("a stop says by which signal", (engine.Stopped(15).signal, engine.Stopped(15).args), (15, (15,)))
    same("nobody interrupted what ended", engine.Ending(0, "", "").interrupted, 0)


def runs() -> None:
    path = PLACE / "run.log"
    lines: list[str] = []

    def ran(script: str, **more: object) -> engine.Ending:
        lines.clear()
        return engine.run([*SHELL, script], path, lines.append, more.pop("is_done", lambda: False), more.pop("deadline", 20.0),
                          **more)

    ended = ran("echo TAP version 13; echo no >&2; read x || exit 3", note=lambda ran: f"# ev=engine {ran or '-'}")
    same("an emulator that ends", (ended, lines, path.read_text()),
         (engine.Ending(3, "", "no", 0), ["TAP version 13"], "TAP version 13\n# ev=engine -\n"))
    said: list[str] = []
    ran("true", note=lambda ran: said.append(ran) or "x")
    same("one that prints nothing is noted too", said, [""])
    ended = ran("exec sleep 100", deadline=0.1)
    same("one that does not end", (ended.status, ended.killed, ended.interrupted), (-9, "it was still running after 0.1 s", 0))

    def interrupts() -> bool:
        raise KeyboardInterrupt

    ended = ran("exec sleep 100", is_done=interrupts)
    same("who takes its lines is interrupted", (ended.status, ended.killed, ended.interrupted), (-9, "interrupted", signal.SIGINT))

    def terminates() -> bool:
        signal.raise_signal(signal.SIGTERM)
        return False

    ended = ran("exec sleep 100", is_done=terminates)
    same("we are asked to end", (ended.status, ended.killed, ended.interrupted), (-9, "interrupted", signal.SIGTERM))
    told: list[str] = []
    ended = ran("head -c 1", deadline=0.01, tell=told.append)
    same("what hears a Ctrl-C is asked by one", (len(told), ended, lines), (1, engine.Ending(0, "", "", 0), ["\x03"]))
    with mock.patch.object(engine, "pump", lambda *args: f"{args[4]:g}"):
        same("then it has a minute more", (ran("true", tell=told.append, deadline=7.0).killed, ran("true", deadline=7.0).killed),
             ("67", "7"))
    with mock.patch.object(engine, "BEGIN", -1.0):
        same("nobody asks whether it has begun", ran("sleep 0.3").killed, "")
    order: list[str] = []
    with mock.patch.object(engine, "Watched") as watched_, mock.patch.object(engine, "Errors") as errors_, \
            mock.patch.object(engine, "pump", lambda *_: "why"), mock.patch.object(engine.RawLog, "look", lambda raw,
                    now: order.append(f"look {now}")):
        watched_.return_value.kill = lambda: order.append("kill")
        watched_.return_value.end = lambda: order.append("end")
        errors_.return_value.text = lambda: order.append("said") or "text"
        same("its end", (ran("").stderr, order), ("text", ["look True", "kill", "said", "end"]))
    with mock.patch.object(engine, "maker", lambda: 1 << 30):
        ended = ran("exec sleep 100")
    same("the make that started us is gone", (ended.killed, ended.interrupted), ("interrupted", signal.SIGTERM))
    check("nosuch" in raised(OSError, engine.run, ["/nosuch"], path, lines.append, lambda: False, 5.0),
          "one that cannot be started")
    same("nothing of it stays open", pipes(), PIPES)


def asks() -> None:
    script = PLACE / "asked"
    script.write_text('#!/bin/sh\necho x >>"$0.count"\ncase $1 in --version) echo "v 1";; -help) echo no; exit 1;; -long) exec head -c 1048579 /dev/zero;; esac\n')
    script.chmod(0o755)
    count = Path(f"{script}.count")
    count.unlink(missing_ok=True)
    same("an answer, twice", [engine.ask(str(script), "--version") for _ in range(2)], ["v 1\n"] * 2)
    same("for which it is asked once", count.read_text(), "x\n")
    same("one that fails has none", engine.ask(str(script), "-help"), "")
    same("a MiB of it is read", len(engine.ask(str(script), "-long")), 1048576)
    late: list[object] = []

    def wait(seconds: float) -> None:
        late.append(seconds)
        raise subprocess.TimeoutExpired("x", seconds)

    with mock.patch.object(engine, "Watched") as watched:
        watched.return_value.process.wait = wait
        same("one that does not end has none", (engine.ask("/never", "x"), late, watched.return_value.end.call_count), ("", [5], 1))


PLACE.mkdir(parents=True, exist_ok=True)
PIPES = pipes()  # open before the tests
pumped()
waits()
askers()
goes_on()
signals()
runs()
asks()
finish()
