# SPDX-License-Identifier: MIT
"""Programs that never outlive their parent, even if a SIGKILL ends it, which nobody can catch.

Beside each program a shell reads from a pipe, and the other end of the pipe is ours. The kernel closes our end when we are
gone. Then the shell ends the program's process group, and itself.
"""
from __future__ import annotations

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

WATCHER = ('while read -r group; do last=$group; done; '
           '[ -z "$last" ] || kill -s KILL -- "-$last"')
MAKES, SHELLS = ("make", "gmake"), ("sh", "dash", "bash")


class Watched:
    """A program in a session and a process group of its own. Raises OSError if it cannot be started."""

    def __init__(self, argv: list[str], **how: Any):
        read, self.pipe = os.pipe()
        try:
            self.watcher = subprocess.Popen(["/bin/sh", "-c", WATCHER], stdin=read, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL, start_new_session=True, cwd="/")
        finally:
            os.close(read)
        try:
            self.process = subprocess.Popen(argv, start_new_session=True, preexec_fn=self._announcer(),
                                            **{"stdin": subprocess.DEVNULL, **how})
            self._tell(self.process.pid)
        except OSError:
            self._dismiss()
            raise

    def _announcer(self) -> Any:
        """Makes the child tell its own number before it becomes the program, because we could be killed between its start and
        our telling. No Python may run in a child of a process with threads, so there we tell."""
        return (lambda: self._tell(os.getpid())) if threading.active_count() == 1 else None

    def _tell(self, group: int) -> None:
        os.write(self.pipe, f"{group}\n".encode())

    def _dismiss(self) -> None:
        os.write(self.pipe, b"\n")
        os.close(self.pipe)
        self.watcher.wait()

    def kill(self) -> None:
        """Kills the program and all processes started by it. Its output can still be read."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def end(self) -> None:
        """Kills the program, closes its streams and dismisses the shell."""
        self.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        self._dismiss()


def parent(pid: int) -> tuple[str, int]:
    """Returns a process's name and the number of its parent, or ("", 0) if there is none."""
    try:
        start, _, rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
        return start.partition("(")[2], int(rest.split()[1])
    except (OSError, IndexError, ValueError):
        return "", 0


def maker() -> int:
    """Returns the outermost make above this program with nothing but shells and other makes between, or 0 if there is none."""
    if "MAKELEVEL" not in os.environ:
        return 0
    found, pid = 0, os.getppid()
    while pid > 1:
        name, above = parent(pid)
        if name in MAKES:
            found = pid
        elif name not in SHELLS:
            break
        pid = above
    return found


def is_below(ancestor: int) -> bool:
    """Does this program still run below the ancestor? A killed make leaves its programs to another parent."""
    pid = os.getppid()
    while pid and pid != ancestor:
        pid = parent(pid)[1]
    return pid == ancestor
