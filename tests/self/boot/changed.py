# SPDX-License-Identifier: MIT
"""Makes a copy of the source with one text replaced by another. Tests build the copy to see whether they notice the
mistake."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tap import ROOT, clean_environment

SOURCE = ("Makefile", "mm", "kernel", "boot", "drivers", "arch", "linker", "tests", "tools/interleave")


class Wrong(Exception):
    """Raised when a replacement cannot be made. Its message says why."""


def copy(place: Path, *parts: str) -> None:
    """Copies the named parts of the source, or of its build products, below `place` and removes anything that was
    there. If the build products are copied too, make compiles only the changed files. Files with the suffix .new stay
    behind, because another make may take them away meanwhile."""
    shutil.rmtree(place, ignore_errors=True)
    for name in parts:
        source, target = ROOT / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.new"))
        else:
            shutil.copy2(source, target)


def changed(path: str, text: str, old: str, new: str) -> str:
    """Returns the text of the file with `old` replaced by `new`. `old` must occur exactly once, because otherwise the
    wrong place might be changed."""
    if text.count(old) != 1:
        raise Wrong(f"{path} has changed: it has what is to be replaced {text.count(old)} times. Say what took its place:\n{old}")
    return text.replace(old, new)


def change(place: Path, path: str, old: str, new: str) -> None:
    """Replaces `old` by `new` in the file `path` below `place`, under the rules of changed()."""
    file = place / path
    file.write_text(changed(path, file.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def build(place: Path, *goals: str, jobs: int = 2) -> str:
    """Builds the goals in a copy. Returns the output of make if it failed, else an empty string."""
    made = subprocess.run(["make", "--no-print-directory", f"-j{jobs}", *goals], cwd=place,
                          env=clean_environment(ZAPWALK_LOCKED="1"), text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600, check=False)
    return made.stdout or "make failed" if made.returncode else ""
