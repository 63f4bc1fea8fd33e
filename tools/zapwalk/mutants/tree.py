# SPDX-License-Identifier: MIT
"""Copies of the source with its builds. One copy stays as it is, and each worker has another."""
from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import signal
import struct
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

# These variables of make's command line and of make itself do not reach a copy.
OURS = ("MACHINE", "IMAGE", "SMP", "MEM", "ARGS", "ACCEL", "QEMU", "QEMU_ARGS", "DEADLINE", "FUZZ_SECONDS", "GDB_BATCH", "GDB_PORT",
        "DEV", "FORCE", "V", "FILES", "N", "SEED", "SINCE", "AGAIN", "MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL",
        "MAKE_TERMOUT", "MAKE_TERMERR")
BUILT = ("x86/lab", "x86/bench", "x86/version.h", "mips/lab", "mips/version.h", "s390x/lab", "s390x/version.h", "unit",
         "explore")  # taken over from the tree itself, below build/
YOUNG = 3.0  # seconds of age, below which somebody may still be writing a file
MEMORY = 6 << 20  # KiB, of one process
MARK = "ZAPWALK_MUTANT"
RUNS = itertools.count()
MEMORY_WORDS = "hard_rss_limit_mb=3000:detect_leaks=0"


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


@dataclass
class Ended:
    """The end of a program. `seconds` are of CPU, with those of its children. `late` is set if it ran into the time limit."""

    status: int
    text: str
    seconds: float
    late: bool = False


def environment(mark: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in OURS}
    return {**kept, "ASAN_OPTIONS": MEMORY_WORDS, "PYTHONDONTWRITEBYTECODE": "1", MARK: mark}


def run(argv: list[str], place: Path, seconds: float, stop: threading.Event, bounded: bool = False) -> Ended:
    """Runs a program. All processes started by it are ended with it. `seconds` are of CPU for each process. On the clock there are
    twice as many and 20, because a process may also sleep for ever. `bounded` also limits its memory."""
    limits = f"ulimit -S -t {int(seconds) + 1}; ulimit -c 0; " + (f"ulimit -v {MEMORY}; " if bounded else "")
    mark = f"{os.getpid()}-{next(RUNS)}"
    until = time.monotonic() + 2 * seconds + 20
    output = place / "build/mutant.log"
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as log:
        process = subprocess.Popen(["sh", "-c", limits + 'exec "$@"', "sh", *argv], cwd=place, env=environment(mark),
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        ended, status, usage = 0, 0, None
        try:
            while not ended and time.monotonic() < until and not stop.is_set():
                ended, status, usage = os.wait4(process.pid, os.WNOHANG)
                if not ended:
                    time.sleep(0.02)
        finally:
            end_marked(mark)
            late = not ended
            if late:
                _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    if stop.is_set():
        raise Stopped
    text = output.read_bytes()[-20000:].decode("utf-8", "replace")
    late = late or process.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU)
    return Ended(process.returncode, text, usage.ru_utime + usage.ru_stime if usage else 0.0, late)


def end_marked(mark: str) -> None:
    """Kills a program's processes. They are known by a word of their environment, because emulators run in sessions of their
    own."""
    word = f"{MARK}={mark}\0".encode()
    found = True
    while found:
        found = False
        for entry in os.listdir("/proc"):
            try:
                if entry.isdigit() and word in Path(f"/proc/{entry}/environ").read_bytes():
                    os.kill(int(entry), signal.SIGKILL)
                    found = True
            except OSError:
                continue  # because it is gone, or somebody else's
        time.sleep(0.01 if found else 0)


def stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def files_below(place: Path) -> dict[str, tuple[int, int]]:
    found = {}
    stack = [str(place)]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path[len(str(place)) + 1:]] = status.st_mtime_ns, status.st_size
    return found


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def mirror(source: Path, names: dict[str, tuple[int, int]], target: Path) -> None:
    """Makes target the same as `names` of source, times included, so that make builds nothing again."""
    here = files_below(target) if target.exists() else {}
    for name in here.keys() - names.keys():
        (target / name).unlink()
    for name, what in names.items():
        if here.get(name) != what:
            copy(source / name, target / name)


class Tree:
    """The copy without mutants."""

    def __init__(self, root: Path, place: Path, sources: list[str]):
        self.place = place
        seed = not (place / "build").exists()
        built = {} if seed else {f"build/{name}": what for name, what in files_below(place / "build").items()}
        mirror(root, {**{name: stamp(root / name) for name in sources}, **built}, place)
        if seed:
            self.take_over(root)
        self.built: dict[str, tuple[int, int]] = {}

    def take_over(self, root: Path) -> None:
        """Copies the builds of the tree itself, but no file that somebody may still be writing."""
        now = time.time()
        for part in BUILT:
            top = root / "build" / part
            for path in [top] if top.is_file() else top.rglob("*") if top.exists() else []:
                if path.is_file() and now - path.stat().st_mtime > YOUNG:
                    copy(path, self.place / path.relative_to(root))

    def freeze(self) -> None:
        """Notes all files after everything is built. Workers get these."""
        self.built = {name: what for name, what in files_below(self.place).items()
                      if not name.startswith(("build/test/", "build/logs/")) and name != "build/mutant.log"}

    def restore(self, worker: Path) -> None:
        mirror(self.place, self.built, worker)


def loaded(path: Path) -> str:
    """Returns the digest of an ELF file's contents in memory, without debug information and the build's number."""
    data = path.read_bytes()
    if data[:4] != b"\x7fELF":
        return hashlib.sha256(data).hexdigest()
    order, wide = "<>"[data[5] == 2], data[4] == 2
    offset = struct.unpack_from(order + ("Q" if wide else "I"), data, 40 if wide else 32)[0]
    size, count, names_at = struct.unpack_from(f"{order}HHH", data, 58 if wide else 46)
    sections = [struct.unpack_from(order + ("IIQQQQ" if wide else "IIIIII"), data, offset + size * n) for n in range(count)]
    strings = sections[names_at][4]
    total = hashlib.sha256()
    for name, kind, flags, address, start, length in sections:
        label = data[strings + name:data.index(b"\0", strings + name)]
        if flags & 2 and label != b".note.gnu.build-id":  # SHF_ALLOC
            total.update(b"%s %d %d " % (label, address, length))
            total.update(data[start:start + length] if kind != 8 else b"")  # SHT_NOBITS
    return total.hexdigest()
