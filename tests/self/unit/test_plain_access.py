#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants plain accesses to shared data in copies of the source. Fails if the instrumented unit programs do not refuse
one with its data, function and line."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import check, clean_environment, finish  # noqa: E402  (its directory must be on the path first)

# Includes the build products of `make unit`, so make compiles only the files changed by the planted line.
COPIED = ("Makefile", "mm", "kernel", "boot", "drivers", "arch", "tests/self/unit", "tools/interleave", "build/unit/split/tsan",
          "build/unit/folding/tsan")
PLACE = ROOT / "build/unit/planted"


@dataclass
class Plant:
    name: str
    path: str
    marked: str  # occurs once
    plain: str
    data: str  # the name of the shared data in the refusal
    function: str
    machine: str = "split"


PLANTS = (
    Plant("entry", "mm/table/pgtable.h", "entry_write_word(ep, last, e.word[last]);", "ep->word[last] = e.word[last];",
          "a page table", "set_pte"),
    Plant("walk", "mm/gup/gup.c", "pte_t pte = ptep_get_lockless(ptep);", "pte_t pte = *ptep;",
          "a page table", "grab_page"),
    Plant("count", "mm/page/page.c", "WRITE_ONCE(page->count, 1);", "page->count = 1;",
          "a struct page's count", "hand_out"),
    Plant("mask", "mm/space/attach.c", "atomic_and(&mm->cpumask, ~BIT(cpu_id()));", "mm->cpumask &= ~BIT(cpu_id());",
          "a CPU mask", "leave_masks"),
    Plant("request", "kernel/smp/shootdown.c", "WRITE_ONCE(request->start, start);", "request->start = start;",
          "a request or its acks", "shootdown"),
    Plant("lock", "kernel/wait/spinlock.h", "smp_store_release(&lock->owner, 0);", "lock->owner = 0;",
          "a lock", "spin_unlock"),
    Plant("loaded", "mm/space/attach.c", "WRITE_ONCE(cpu->mm, mm);", "cpu->mm = mm;", "the space that is loaded", "mm_switch"),
    Plant("sending", "kernel/smp/shootdown.c", "WRITE_ONCE(cpu->nowait_sending, true);", "cpu->nowait_sending = true;",
          "what NMIs are told by", "shootdown"),
    Plant("pending", "mm/table/clear.h", "WRITE_ONCE(mm->flush_pending, true);", "mm->flush_pending = true;",
          "what a clear tells others", "clear_begin", "folding"),
    Plant("root", "mm/space/upgrade.c", "smp_store_release(&mm->pgd, pgd);", "mm->pgd = pgd;", "the top-level table", "publish",
          "folding"),
)


def copy_source(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)


def plant(place: Path, what: Plant) -> int:
    """Plants the access and returns its line, or 0 if the source no longer has the marked access."""
    path = place / what.path
    text = path.read_text(encoding="utf-8")
    if text.count(what.marked) != 1:
        return 0
    path.write_text(text.replace(what.marked, what.plain), encoding="utf-8")
    return text[:text.index(what.marked)].count("\n") + 1


def run(argv: list[str], place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, cwd=place, env=clean_environment(ZAPWALK_LOCKED="1"), stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)


def attempt(what: Plant) -> tuple[Plant, int, str, int]:
    place = PLACE / what.name
    copy_source(place)
    line = plant(place, what)
    built = run(["make", "--no-print-directory", "-j1", f"build/unit/plain_access_{what.machine}"], place)
    if built.returncode:
        return what, line, built.stdout, -1
    done = run([f"build/unit/plain_access_{what.machine}"], place)
    return what, line, done.stdout, done.returncode


def named(what: Plant, line: int, text: str) -> bool:
    name = re.escape(Path(what.path).name)
    return bool(re.search(rf"plain \w+ of \d+ bytes of {re.escape(what.data)}:\n(#.*\n)*?#\s+(\(inlined by\) )?"
                          rf"{what.function} at {name}:{line}\b", text))


with ThreadPoolExecutor(2) as pool:
    for planted, at, output, status in pool.map(attempt, PLANTS):
        check(at and status == 1 and named(planted, at, output),
              f"a plain access to {planted.data} is refused, at {planted.function} in {planted.path}:{at}", output)
finish()
