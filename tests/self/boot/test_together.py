#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two runs at once, two builds at once, builds in odd places, and a guest without an end of its output. Fails if one
run or build disturbs another, or if the log grows without a limit."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

from tap import DIED, PLACE, ROOT, Result, boot, call, check, clean_environment, emulator, finish, source_copy
from zapwalk.screen import MOST

MAKE = ["make", "--no-print-directory"]
RAW_LOG = re.compile(r"^raw log: (\S+)$", re.MULTILINE)
LINK = ROOT / "build/logs/other/x86-pc.log"
FRAME = 16 << 10  # bytes for tools/run's own text around the lines of the log


def at_once(commands: list[list[str]], place: Path = ROOT) -> list[Result]:
    started = [subprocess.Popen(command, cwd=place, env=clean_environment(), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in commands]
    texts = ["" for _ in started]
    readers = [threading.Thread(target=lambda n=n: texts.__setitem__(n, started[n].communicate(timeout=300)[0]))
               for n in range(len(started))]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return [Result(process.returncode, text) for process, text in zip(started, texts)]


def two_runs() -> None:
    options = ("run=hw/above-4G seed=1", "run=hw/user-trap seed=2")
    runs = at_once([["tools/run", *text.split()] for text in options])
    paths = [RAW_LOG.search(run.text) for run in runs]
    texts = [(ROOT / path.group(1)).read_text() if path else "" for path in paths]
    check(all(run.status == 0 for run in runs), "two runs at once: both pass", *(run.text for run in runs))
    check(all(f"{option}\"" in text and "# ev=done status=pass" in text for option, text in zip(options, texts)),
          "two runs at once: two whole logs", *texts)
    check(LINK.is_symlink() and LINK.resolve() in [(ROOT / path.group(1)).resolve() for path in paths if path],
          "the machine's name leads to one of them")
    again = call(["tools/report", str(LINK)])
    check(again.status == 0 and again.says("(x86-pc)"), "and that is what a report calls it", again.text)


def contents(place: Path) -> dict[str, float]:
    return {str(path.relative_to(place)): path.stat().st_mtime for path in place.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}


def with_a_space() -> None:
    """Two makes start at once in a path with a blank. Each file must be compiled once. The smaller image will do, and a
    run of ours shows that tools/run works there."""
    place = source_copy("a place")
    builds = at_once([[*MAKE, "bench-image"], [*MAKE, "bench-image"]], place)
    said = "".join(build.text for build in builds)
    compiled = re.findall(r"^  CC +(\S+)", said, re.MULTILINE)
    check(all(build.status == 0 for build in builds), "a path with a blank: builds", said)
    check(compiled and len(compiled) == len(set(compiled)), "two makes at once: nothing is built twice",
          sorted(name for name in set(compiled) if compiled.count(name) > 1))
    check("waiting for another make that builds in build" in said, "and the second says what it waits for", said)
    image = ROOT / "build/x86/lab/zapwalk.elf"
    ran = at_once([["tools/run", "--image", str(image), "run=hw/above-4G"]], place)[0]
    check(ran.status == 0 and "PASS (" in ran.text, "a path with a blank: runs", ran.text)
    shutil.rmtree(place)


def built_elsewhere() -> None:
    """The checkout is read-only. Root may write there anyway, so the test compares the files before and after."""
    place, out = source_copy("read-only"), PLACE / "made"
    shutil.rmtree(out, ignore_errors=True)
    for directory, _, _ in os.walk(place):
        os.chmod(directory, 0o555)
    before = contents(place)
    ran = at_once([[*MAKE, "run", f"O={out}", "ARGS=run=hw/above-4G"]], place)[0]
    check(ran.status == 0 and f"raw log: {out}/logs/runs/" in ran.text, "O=: builds and runs", ran.text)
    made = at_once([[*MAKE, "all", f"O={out}"]], place)[0]
    check(made.status == 0 and (out / "compile_commands.json").is_file(), "O=: make all", made.text)
    check(contents(place) == before and not (place / "build").exists(), "O=: nothing is written into the checkout",
          sorted(contents(place).items() ^ before.items()))
    for directory, _, _ in os.walk(place):
        os.chmod(directory, 0o755)
    shutil.rmtree(place)
    shutil.rmtree(out)
    bad = call([*MAKE, "lab", "O=a b"])
    check(bad.status == 2 and bad.says("O=a b", "without a blank"), "O= with a blank: refused", bad.text)


def runaway() -> None:
    """An emulator prints without an end, as one line, as very many lines, and on stderr. The run must end, and the log
    and the shown text must have a limit."""
    for name, text in (("endless", "exec tr '\\0' x </dev/zero"), ("chatty", "exec yes runaway")):
        result = boot("", name=name, QEMU=str(emulator(name, f"echo TAP version 13; {text}\n")))
        size = (PLACE / f"{name}.log").stat().st_size
        check(result.status == DIED and result.says("killed: it printed more than 64 MiB") and size < 66 << 20,
              f"{name}: ended, its log has a limit", result.text[-2000:], size)
        check(result.says("in the raw log") and len(result.text) < MOST + FRAME, f"{name}: and what is shown of it",
              len(result.text))
    noisy = emulator("noisy", "echo TAP version 13; head -c 20000000 /dev/zero | tr '\\0' y >&2; exit 7\n")
    result = boot("", name="noisy", QEMU=str(noisy))
    check(result.status == DIED and result.says("status 7", "bytes more") and len(result.text) < 1 << 18,
          "noisy: what an emulator says beside has a limit too", len(result.text))


def options() -> None:
    """Options of tools/run must be allowed on both sides of the kernel's, and a value may begin with a dash."""
    result = call(["tools/run", "run=hw/above-4G", "--qemu-args", "-vga none", "seed=7", "--smp", "3", "--log",
                   str(PLACE / "options.log"), "require=probe"])
    check(result.status == 0 and result.says("3 CPUs", "run=hw/above-4G seed=7 require=probe"),
          "options of the kernel and ours in any order", result.text)
    result = call(["tools/run", "--qemu-args", "-vga nosuch", "--log", str(PLACE / "options.log")])
    check(result.says("nosuch") and result.status == 7, '--qemu-args "-vga nosuch" reaches QEMU', result.text)


two_runs()
options()
runaway()
with_a_space()
built_elsewhere()
finish()
