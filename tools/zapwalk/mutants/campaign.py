# SPDX-License-Identifier: MIT
"""Tries mutants, several at a time, each in a worker's copy of the tree, and writes down their outcomes."""
from __future__ import annotations

import difflib
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from zapwalk.machines import Problem
from zapwalk.mutants import py_rules
from zapwalk.mutants.killers import BOOT, BUILDS, COMPILERS, Killer, Relations
from zapwalk.mutants.mutant import Mutant
from zapwalk.mutants.tree import Ended, Stopped, Tree, loaded, run

BUILD_SECONDS = 300.0  # of CPU for each compiler
FIRST_SECONDS = 150.0  # for a program not timed yet
DEAR = 90.0  # seconds of CPU, because a test taking more is not asked
NOT_EXECUTED, FOREIGN = 126, "Exec format error"  # by a shell, of a program for 32 bits on a kernel for 64 bits alone


@dataclass
class Outcome:
    """A mutant's outcome. `what` is killed, survived, equivalent (the same code comes out) or unseen (nobody here can look).
    `by` names its killer, or everybody asked. `cpu` has the seconds of CPU for it, and `seconds` those on the clock."""

    name: str
    what: str
    by: str
    seconds: float
    cpu: float
    place: str
    function: str
    rule: str
    text: str
    diff: str = ""

    @property
    def late(self) -> bool:
        return self.by.endswith(" (time limit)")


def diff_of(mutant: Mutant, old: str) -> str:
    new = mutant.apply(old)
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), mutant.path, mutant.path, lineterm="", n=1)
    return "\n".join(lines)


def same_program(mutant: Mutant, old: str) -> bool | None:
    """Is the mutant of a Python program the same code? None if it does not compile."""
    try:
        return py_rules.same_code(compile(old, "x", "exec"), compile(mutant.apply(old), "x", "exec"))
    except (SyntaxError, ValueError):
        return None


class Referees:
    """Runs the killers on the tree without a mutant. A killer failing there cannot judge, and its time there gives its limit.
    The results for this tree stand in a file, so a later run does not ask again."""

    def __init__(self, tree: Tree, path: Path, stop: threading.Event):
        self.tree = tree
        self.path = path
        self.stop = stop
        self.lock = threading.Lock()
        self.place = threading.Lock()  # there is one such tree
        self.asked: dict[tuple[str, ...], Ended] = {}
        self.busy: dict[tuple[str, ...], threading.Lock] = {}
        self.warnings: list[str] = []
        self.dear: list[str] = []
        self.seen: set[tuple[str, ...]] = set()
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            *argv, said = json.loads(line)
            self.asked[tuple(argv)] = Ended(**said)

    def lock_of(self, argv: tuple[str, ...]) -> threading.Lock:
        with self.lock:
            return self.busy.setdefault(argv, threading.Lock())

    def limit(self, killer: Killer) -> float | None:
        """Returns the seconds of CPU for this killer, or None if it must not be asked."""
        with self.place:
            ended = self.asked.get(killer.argv)
            if ended is None:
                ended = self.asked[killer.argv] = run(list(killer.argv), self.tree.place, FIRST_SECONDS, self.stop)
                with self.path.open("a", encoding="utf-8") as log:
                    log.write(json.dumps([*killer.argv, vars(ended)]) + "\n")
            self.look_at(killer, ended)
        return 4 * ended.seconds + 10 if self.is_fit(killer, ended) else None

    def is_fit(self, killer: Killer, ended: Ended) -> bool:
        return ended.status == killer.status and not ended.late and ended.seconds <= DEAR

    def look_at(self, killer: Killer, ended: Ended) -> None:
        if killer.argv in self.seen:
            return
        self.seen.add(killer.argv)
        if ended.late or ended.seconds > DEAR:
            self.dear.append(f"{killer.name} takes more than {DEAR:.0f} s of CPU, and is not asked")
        elif ended.status == NOT_EXECUTED and FOREIGN in ended.text:
            self.dear.append(f"{killer.name} is not for this kernel, and is not asked")
        elif not self.is_fit(killer, ended):
            last = " / ".join(ended.text.strip().splitlines()[-3:]).replace('"', "'")
            self.warnings.append(f"{killer.name} ends with {ended.status} without a mutant, and is not asked: {last}")


class Worker:
    """One copy of the tree, used by one thread at a time."""

    def __init__(self, place: Path, tree: Tree, relations: Relations, referees: Referees, stop: threading.Event):
        self.place = place
        self.tree = tree
        self.relations = relations
        self.referees = referees
        self.stop = stop
        self.cpu = 0.0
        self.changed: dict[str, list[str]] = {}  # the differing programs of each build tried

    def judge(self, mutant: Mutant) -> Outcome:
        began = time.monotonic()
        self.tree.restore(self.place)
        self.changed = {}
        self.cpu = 0.0
        old = (self.place / mutant.path).read_text(encoding="utf-8")
        (self.place / mutant.path).write_text(mutant.apply(old), encoding="utf-8")
        what, by = self.verdict(mutant, old)
        return Outcome(mutant.name, what, by, round(time.monotonic() - began, 2), round(self.cpu, 2), mutant.place, mutant.function,
                       mutant.rule, mutant.text, diff_of(mutant, old))

    def verdict(self, mutant: Mutant, old: str) -> tuple[str, str]:
        is_python = mutant.path in self.relations.programs
        if is_python and same_program(mutant, old) is not False:
            return ("equivalent", "compile") if same_program(mutant, old) else ("killed", "compile")
        asked = []
        for killer in self.relations.killers(mutant.path):
            if not killer.build and not is_python and self.is_equivalent():
                return "equivalent", ", ".join(self.changed)
            by = self.ask(killer)
            if by:
                return "killed", by
            if by is not None:
                asked.append(killer.name)
        if not is_python and self.is_equivalent():
            return "equivalent", ", ".join(self.changed)
        return ("survived" if asked else "unseen"), ", ".join(asked)

    def is_equivalent(self) -> bool:
        """True if all images are the same. Unit programs are not asked here, because UBSan's messages know columns, so these
        programs differ by their text alone."""
        images = [programs for build, programs in self.changed.items() if build != "unit"]
        return bool(images) and not any(images)

    def ask(self, killer: Killer) -> str | None:
        """Returns the name of the mutant's killer, "" if the killer passed, or None if it was not asked."""
        if killer.build and killer.build not in self.changed:
            ended = self.run(["make", "-j1", *BUILDS[killer.build][0]], BUILD_SECONDS)
            if ended.status or ended.late:
                return f"compile {killer.build}"
            self.changed[killer.build] = self.differing(killer.build)
        if killer.build and not self.changed[killer.build]:
            return None
        if killer.name == "unit":
            return self.ask_units(killer)
        return self.ask_one(killer)

    def run(self, argv: list[str], seconds: float, bounded: bool = False) -> Ended:
        ended = run(argv, self.place, seconds, self.stop, bounded)
        self.cpu += ended.seconds
        return ended

    def differing(self, build: str) -> list[str]:
        pattern = BUILDS[build][1]
        programs = [path for path in sorted(self.place.glob(pattern)) if path.is_file() and "." not in path.name or
                    path.suffix == ".elf"]
        names = [str(path.relative_to(self.place)) for path in programs]
        return [name for name in names if not same_file(self.place / name, self.tree.place / name)]

    def ask_units(self, killer: Killer) -> str | None:
        """Asks the unit programs, with the quick ones first."""
        known = self.referees.asked
        programs = sorted(self.changed["unit"], key=lambda name: known[(name,)].seconds if (name,) in known else 0.0)
        answers = []
        for name in programs:
            answers.append(self.ask_one(Killer(f"unit {Path(name).name}", (name,), killer.build)))
            if answers[-1]:
                return answers[-1]
        return "" if "" in answers else None

    def ask_one(self, killer: Killer) -> str | None:
        seconds = self.referees.limit(killer)
        if seconds is None:
            return None
        argv = list(killer.argv)
        if not argv[0].startswith("tests/"):
            ended = self.run(argv, seconds, killer.bounded)
            if argv[0] == BOOT[0] and ended.status != killer.status and not ended.late:
                ended = self.run(argv, seconds)  # probes depend on how busy the host is
        else:
            with self.referees.lock_of(killer.argv):  # because it may use a port, or another thing existing once
                ended = self.run(argv, seconds)
                if ended.status != killer.status:
                    ended = self.run(argv, seconds)  # because a test failing now and then has seen no mutant
        if ended.late:
            return f"{killer.name} (time limit)"
        return "" if ended.status == killer.status else killer.name


def same_file(one: Path, other: Path) -> bool:
    if not other.exists():
        return False
    same_stamp = one.stat().st_mtime_ns == other.stat().st_mtime_ns and one.stat().st_size == other.stat().st_size
    return same_stamp or loaded(one) == loaded(other)


class State:
    """The outcomes of the mutants of one tree, in a file with a line for each."""

    def __init__(self, path: Path):
        self.path = path
        self.outcomes: dict[str, Outcome] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    outcome = Outcome(**json.loads(line))
                except (ValueError, TypeError):
                    continue  # because this is the last line of a killed run
                self.outcomes[outcome.name] = outcome

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.name] = outcome
        with self.path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(vars(outcome)) + "\n")


def survivors_of_last(place: Path) -> set[str]:
    """Returns the names of the survivors in the newest state."""
    found = sorted(place.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise Problem("AGAIN=1: there is no run yet whose survivors could be tried again")
    return {name for name, outcome in State(found[-1]).outcomes.items() if outcome.what == "survived"}


@dataclass
class Campaign:
    place: Path
    tree: Tree
    relations: Relations
    state: State
    jobs: int
    show: Callable[[Outcome, int, int, float], None]
    stop: threading.Event = field(default_factory=threading.Event)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self, mutants: list[Mutant]) -> None:
        """Tries the mutants without a known outcome."""
        todo = [mutant for mutant in mutants if mutant.name not in self.state.outcomes]
        referees = Referees(self.tree, self.state.path.with_suffix(".timed"), self.stop)
        lock = threading.Lock()
        queue = iter(todo)
        done = 0
        began = time.monotonic()

        def work(number: int) -> None:
            nonlocal done
            worker = Worker(self.place / f"worker-{number}", self.tree, self.relations, referees, self.stop)
            while True:
                with lock:
                    mutant = next(queue, None)
                if mutant is None or self.stop.is_set():
                    return
                outcome = worker.judge(mutant)
                with lock:
                    self.state.add(outcome)
                    done += 1
                    left = (time.monotonic() - began) / done * (len(todo) - done)
                    self.show(outcome, len(mutants) - len(todo) + done, len(mutants), left)

        with ThreadPoolExecutor(self.jobs) as pool:
            running = [pool.submit(work, number) for number in range(self.jobs)]
            try:
                while wait(running, 0.25).not_done:  # because a signal just before an endless wait would not end it
                    pass
            except KeyboardInterrupt:
                self.stop.set()
            for each in running:
                try:
                    each.result()
                except Stopped:
                    self.stop.set()
        self.warnings += referees.warnings
        self.notes += referees.dear


def compilers_missing() -> set[str]:
    """Returns the builds of ports without their compiler here."""
    directories = os.environ.get("PATH", "").split(os.pathsep)
    return {build for build, compiler in COMPILERS.items()
            if not any((Path(directory) / compiler).exists() for directory in directories)}
