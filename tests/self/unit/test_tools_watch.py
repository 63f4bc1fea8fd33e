#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.watch with real programs and with made-up processes. Fails if a program outlives the one above it, or if the
make above it is not found."""
from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

from host import PLACE, check, finish, pipes, raised, same
from zapwalk import watch

SHELL = ["/bin/sh", "-c"]


def soon_gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while not is_gone(pid) and time.monotonic() < until:
        time.sleep(0.005)
    return is_gone(pid)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def watched() -> None:
    one = watch.Watched([*SHELL, "sleep 100 & echo $!; wait"], stdout=subprocess.PIPE, stdin=subprocess.PIPE,
                        stderr=subprocess.PIPE)
    child = int(one.process.stdout.readline())
    watcher = one.watcher
    same("a group and a session of its own", (os.getpgid(child), os.getsid(child), os.getsid(watcher.pid)),
         (one.process.pid, one.process.pid, watcher.pid))
    same("the watcher is nobody's guest", os.readlink(f"/proc/{watcher.pid}/cwd"), "/")
    one.kill()
    one.kill()
    check(one.process.returncode == -9 and watcher.poll() is None, "killed, and still watched")
    one.end()
    check(watcher.returncode == 0 and all(stream.closed for stream in (one.process.stdin, one.process.stdout, one.process.stderr)),
          "the end: the watcher goes, the streams are closed")
    check(soon_gone(child), "and what it started is gone")
    check(raised(OSError, watch.Watched, ["/nosuch"]) and pipes() == PIPES,
          "a program that cannot be started leaves no pipe and no watcher")
    one = watch.Watched(["sleep", "100"])
    one._dismiss()
    one.process.terminate()
    same("a watcher that is dismissed ends nobody: the number may be another's by then", one.process.wait(), -15)
    quick = watch.Watched(["true"])
    quick.process.wait()
    quick.end()
    same("a program without input ends by itself", quick.process.returncode, 0)
    script = ("import sys; sys.path.insert(0, sys.argv[1]); from zapwalk.watch import Watched; one = Watched(['sleep', '100']); "
              "print(one.process.pid, one.watcher.pid, flush=True); import os; os.kill(os.getpid(), 9)")
    done = subprocess.run([sys.executable, "-c", script, str(Path(watch.__file__).parents[1])], stdout=subprocess.PIPE, text=True,
                          check=False)
    program, watcher_pid = map(int, done.stdout.split())
    check(soon_gone(program) and soon_gone(watcher_pid), "the one that started it is killed: program and watcher go")
    with mock.patch.object(watch.threading, "active_count", lambda: 2):
        same("with threads nothing runs in the child", one._announcer(), None)
    with mock.patch.object(watch.threading, "active_count", lambda: 1), mock.patch.object(watch.os, "write") as wrote:
        one.pipe = 5
        one._announcer()()
        same("without, it says its number itself", wrote.mock_calls, [mock.call(5, f"{os.getpid()}\n".encode())])


def announced() -> None:
    """The watcher must learn the program's group even if the child prints nothing."""
    with mock.patch.object(watch.threading, "active_count", lambda: 2), mock.patch.object(watch.Watched, "_tell") as told:
        one = watch.Watched(["sleep", "100"])
    same("the program's group is told to the watcher", told.mock_calls, [mock.call(one.process.pid)])
    one.end()


def above() -> None:
    parent = subprocess.run([*SHELL, "cat /proc/self/stat | tee /dev/null"], stdout=subprocess.PIPE, text=True, check=True).stdout
    check(parent, "processes have a line each")
    place = PLACE / "stat"
    for text, wanted in (("7 (make) S 5 1", ("make", 5)), ("7 (a) b) S 12 1", ("a) b", 12)), ("7 (make)", ("", 0)),
                         ("7 (make) S x", ("", 0)), (None, ("", 0))):
        place.unlink(missing_ok=True)
        if text:
            place.write_text(text)
        with mock.patch.object(watch, "Path", lambda name: place):
            same(f"a process: {text}", watch.parent(7), wanted)
    same("that is this one's parent", watch.parent(os.getpid())[1], os.getppid())

    def tree(*names: str) -> dict[int, tuple[str, int]]:
        """Makes processes from our parent, 100, upwards. The parent of the last one is 1."""
        return {100 + n: (name, 101 + n if n + 1 < len(names) else 1) for n, name in enumerate(names)}

    for names, wanted in ((["make"], 100), (["sh", "make"], 101), (["dash", "gmake", "bash", "make", "sh"], 103),
                          (["make", "init", "make"], 100),
                          (["init", "make"], 0), (["sh", "x"], 0), ([], 0)):
        known = tree(*names)
        with mock.patch.object(watch, "parent", lambda pid: known.get(pid, ("", 0))), mock.patch.object(watch.os, "getppid",
                lambda: 100):
            with mock.patch.dict(watch.os.environ, {"MAKELEVEL": "1"}):
                same(f"the make above {names}", watch.maker(), wanted)
            with mock.patch.dict(watch.os.environ):
                watch.os.environ.pop("MAKELEVEL", None)
                same(f"nobody's make above {names}", watch.maker(), 0)
            same(f"who is above, {names}", [watch.is_below(pid) for pid in (100, 101, 99)], [True, len(names) > 1, False])
    known = {2: ("make", 1)}
    with mock.patch.object(watch, "parent", known.get), mock.patch.object(watch.os, "getppid", lambda: 2), \
            mock.patch.dict(watch.os.environ, {"MAKELEVEL": "1"}):
        same("the second may be one", watch.maker(), 2)
    known = {100: ("x", 1), 1: ("make", 0)}
    with mock.patch.object(watch, "parent", known.get), mock.patch.object(watch.os, "getppid", lambda: 1), \
            mock.patch.dict(watch.os.environ, {"MAKELEVEL": "1"}):
        same("the first process of all is no make of ours", watch.maker(), 0)
        same("it is above us all", (watch.is_below(1), watch.is_below(5)), (True, False))


PLACE.mkdir(parents=True, exist_ok=True)
PIPES = pipes()  # open before the tests
watched()
announced()
above()
finish()
