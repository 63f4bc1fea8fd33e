# SPDX-License-Identifier: MIT
"""A copy of the source in which one text stands in the place of another: what a test must notice."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tap import ROOT, clean_environment

SOURCE = ("Makefile", "mm", "kernel", "boot", "drivers", "arch", "linker", "tests", "tools/interleave")


class Wrong(Exception):
    """Why that cannot be done; for one line."""


def copy(place: Path, *parts: str) -> None:
    """The parts of the source, or of what was built of it, below `place`, where nothing else is then. With what was
    built, no more is compiled than what is changed."""
    shutil.rmtree(place, ignore_errors=True)
    for name in parts:
        source, target = ROOT / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)


def changed(path: str, text: str, old: str, new: str) -> str:
    """The text of that file, with `new` where `old` is. It must be there once, or another place would be changed."""
    if text.count(old) != 1:
        raise Wrong(f"{path} has changed: it has what is to be replaced {text.count(old)} times. Say what took its place:\n{old}")
    return text.replace(old, new)


def change(place: Path, path: str, old: str, new: str) -> None:
    """The same in the file below `place`."""
    file = place / path
    file.write_text(changed(path, file.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def build(place: Path, *goals: str, jobs: int = 2) -> str:
    """Makes them in a copy. What make said if it failed, else nothing."""
    made = subprocess.run(["make", "--no-print-directory", f"-j{jobs}", *goals], cwd=place,
                          env=clean_environment(ZAPWALK_LOCKED="1"), text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600, check=False)
    return made.stdout or "make failed" if made.returncode else ""
