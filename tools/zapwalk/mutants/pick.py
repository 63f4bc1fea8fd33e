# SPDX-License-Identifier: MIT
"""Picks the files with mutants, and the mutants to try."""
from __future__ import annotations

import hashlib
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

from zapwalk.machines import Problem
from zapwalk.mutants import asm_rules, c_rules, py_rules
from zapwalk.mutants.mutant import Mutant

# A sample takes mutants from each of these, given by the name and the paths of each. The files of UNSAMPLED and OWN are in no
# sample, but FILES can ask for them.
FOLDERS = {
    "mm": ("mm/*",),
    "kernel": ("kernel/*",),
    "arch/x86": ("arch/x86/*",),
    "arch/s390x": ("arch/s390x/*",),
    "arch/mips": ("arch/mips/*",),
    "arch/model": ("arch/model/*",),
    "lab": ("tests/lab/*", "tests/program/*"),
    "explorer": ("tools/interleave/*",),
    "tools": ("tools/*",),
}
UNSAMPLED = ("kernel/dashboard/*",)  # its pages are left out of a sample like drivers/
OWN = ("tools/mutants", "tools/zapwalk/mutants/*")  # these would be asked to judge themselves
SOURCES = ("Makefile", ".clang-format", ".gitignore", "LICENSE", "README.md", "CONTRIBUTING.md", ".editorconfig", "arch", "boot", "docs", "drivers",
           "kernel", "linker", "mm", "tests", "tools")
UNJUDGED = ("docs/", "README.md", "CONTRIBUTING.md")  # with a change only here, mutants need not be tried again
PROGRAM = "#!/usr/bin/env python3"


def source_files(root: Path) -> list[str]:
    """Returns all files below root needed by a build or a test."""
    found = []
    for name in SOURCES:
        top = root / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")) if top.is_dir() else []:
            if path.is_file() and "__pycache__" not in path.parts:
                found.append(str(path.relative_to(root)))
    return found


def tree_digest(root: Path, files: list[str]) -> str:
    total = hashlib.sha256()
    for name in files:
        if not name.startswith(UNJUDGED):
            total.update(name.encode() + b"\0" + hashlib.sha256((root / name).read_bytes()).digest())
    return total.hexdigest()[:16]


def mutants_of(path: str, text: str) -> list[Mutant]:
    if path.endswith((".c", ".h")):
        return c_rules.mutants(path, text)
    if path.endswith(".S"):
        return asm_rules.mutants(path, text)
    if path.endswith(".py") or text.startswith(PROGRAM):
        return py_rules.mutants(path, text)
    return []


def is_source(path: str) -> bool:
    return path.endswith((".c", ".h", ".S", ".py")) or path.startswith("tools/") and "." not in Path(path).name


def folder_of(path: str) -> str:
    for name, patterns in FOLDERS.items():
        if any(fnmatch(path, pattern) for pattern in patterns) and not any(fnmatch(path, out) for out in (*OWN, *UNSAMPLED)):
            return name
    return ""


def mutants_below(root: Path, paths: list[str]) -> list[Mutant]:
    found = []
    for path in paths:
        if is_source(path):
            found += mutants_of(path, (root / path).read_text(encoding="utf-8"))
    return found


def order(seed: int, mutant: Mutant) -> bytes:
    """Returns a number by chance, independent of other mutants. So a change to one file leaves the rest of a sample alone."""
    return hashlib.sha256(f"{seed} {mutant.name}".encode()).digest()


def by_rules(seed: int, mutants: list[Mutant]) -> list[Mutant]:
    """Sorts all of them, so that any beginning of the list has each rule about as often as each other."""
    rules: dict[str, list[Mutant]] = {}
    for mutant in sorted(mutants, key=lambda mutant: order(seed, mutant)):
        rules.setdefault(mutant.rule, []).append(mutant)
    ranked = [(rank, order(seed, mutant), mutant) for same in rules.values() for rank, mutant in enumerate(same)]
    return [mutant for _, _, mutant in sorted(ranked, key=lambda item: item[:2])]


def shares(count: int, sizes: dict[str, int]) -> dict[str, int]:
    """Returns each folder's share, by the square root of its size, so small ones are not forgotten."""
    weights = {name: size ** 0.5 for name, size in sizes.items()}
    total = sum(weights.values()) or 1.0
    exact = {name: count * weight / total for name, weight in weights.items()}
    found = {name: min(int(share), sizes[name]) for name, share in exact.items()}
    for name in sorted(exact, key=lambda name: int(exact[name]) - exact[name]):
        if sum(found.values()) < count and found[name] < sizes[name]:
            found[name] += 1
    return found


def sample(seed: int, count: int, mutants: list[Mutant]) -> list[Mutant]:
    """Returns a sample. It is the same for the same tree, seed and count."""
    folders: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        folders.setdefault(folder_of(mutant.path) or "other", []).append(mutant)
    share = shares(count, {name: len(found) for name, found in folders.items()})
    return [mutant for name, found in folders.items() for mutant in by_rules(seed, found)[:share[name]]]


def matching(patterns: list[str], files: list[str]) -> list[str]:
    """Returns the files of these patterns. Refuses a pattern without a file, because it is a slip of the pen."""
    found = []
    for pattern in patterns:
        here = [path for path in files if is_source(path) and (fnmatch(path, pattern) or path.startswith(f"{pattern.rstrip('/')}/"))]
        if not here:
            raise Problem(f"FILES={pattern}: no source file is called so. Valid: a path such as mm/table/zap.c, a folder, a pattern")
        found += here
    return list(dict.fromkeys(found))


def changed_lines(root: Path, revision: str) -> dict[str, set[int]]:
    """Returns the lines of today's files missing in a revision."""
    asked = ["git", "diff", "--unified=0", "--no-color", "--no-ext-diff", revision, "--"]
    done = subprocess.run(asked, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise Problem(f"SINCE={revision}: git says {' '.join(done.stderr.split())}")
    found: dict[str, set[int]] = {}
    lines: set[int] = set()
    for line in done.stdout.splitlines():
        if line.startswith("+++ "):
            lines = found.setdefault(line[6:], set())
        match = re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line)
        if match:
            lines |= set(range(int(match[1]), int(match[1]) + int(match[2] or 1)))
    return found
