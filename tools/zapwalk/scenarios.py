# SPDX-License-Identifier: MIT
"""Reads scenarios, guards and needs from the sources, by the fields of SCENARIO(), kernel/hooks/guards.def and needs.def."""
from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from zapwalk import functions

GROUPS = ("pte", "gup", "tlb", "walk", "space", "hw")  # folders of tests/
GUARDS, NEEDS = "kernel/hooks/guards.def", "tests/lab/needs.def"
ASKED_IN = ("kernel", "mm", "arch")  # the folders with uses of guard()
SHARED = "x86"  # files of all ports are read with this port's headers

LINE_MARKER = re.compile(r'^# \d+ "([^"]*)".*$', re.MULTILINE)
DEFINITION = re.compile(r'struct scenario \w+ __attribute__\(\(section\("\.scenarios"\)[^=]*=(?:\s|# \d+ "[^"]*".*\n)*(?=\{)')
CELLS = re.compile(r"\.cells = (?=\{)")
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}]')
STRINGS = r'\s*((?:"(?:\\.|[^"\\])*"\s*)+)'
GUARD = re.compile(r'^GUARD\((\w+),\s*(\w+),\s*"([^"]*)",\s*"([^"]*)"\)', re.MULTILINE)
NEED = re.compile(r"/\* ((?:(?!\*/).)*?)\.? \*/\nNEED\((\w+),", re.DOTALL)


class Unreadable(Exception):
    """The preprocessor refused a file."""


@dataclass(frozen=True)
class Scenario:
    name: str
    rule: str
    source: str
    path: str
    mode: str  # choreo, probe or explored
    guards: tuple[str, ...]
    needs: tuple[str, ...]
    finding: str  # its id, or nothing

    @property
    def group(self) -> str:
        return self.name.partition("/")[0]

    @property
    def port(self) -> str:
        """The only port with the scenario, or "" if all ports have it."""
        folders = self.path.split("/")[2:-1]
        return folders[0] if folders else ""


@dataclass(frozen=True)
class Guard:
    name: str
    kind: str
    scenario: str
    meaning: str
    places: tuple[tuple[str, str], ...]  # functions asking for it, each with its file


def initializer(text: str, start: int) -> str:
    """Returns the text from the brace at `start` to its closing brace."""
    depth = 0
    for token in TOKEN.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if not depth:
            return text[start:token.end()]
    raise Unreadable(f"no end of {text[start:start + 60]!r}")


def parted(body: str) -> tuple[str, str]:
    """Returns a scenario's initializer without its cells, and the cells. The preprocessor's text has the cells twice, because
    the second copy counts them."""
    cells = ""
    for start in [match.end() for match in CELLS.finditer(body)]:
        cells = initializer(body, start)
    return body.replace(cells, "{}") if cells else body, cells


def string(body: str, field: str) -> str:
    match = re.search(rf"\.{field} ={STRINGS}", body)
    parts = re.findall(r'"((?:\\.|[^"\\])*)"', match[1]) if match else []
    return re.sub(r"\\(.)", r"\1", "".join(parts))


def scenarios_of(preprocessed: str) -> list[Scenario]:
    """Returns the scenarios of a text with the preprocessor's line markers."""
    found = []
    for start in DEFINITION.finditer(preprocessed):
        last = preprocessed.rfind("\n# ", 0, start.start()) + 1
        path = LINE_MARKER.match(preprocessed, last)[1]
        body, cells = parted(LINE_MARKER.sub("", initializer(preprocessed, start.end())))
        breaks = re.findall(r"\.expect = EXPECT_BREAKS,\s*\.off = GUARD_(\w+)", cells)
        needs = re.search(r"\.needs =([^,]*),", body)
        found.append(Scenario(string(body, "name"), string(body, "rule"), string(body, "reference"), path,
                              re.search(r"\.mode = MODE_(\w+)", body)[1].lower(), tuple(dict.fromkeys(breaks)),
                              tuple(re.findall(r"NEED_(\w+)", needs[1])) if needs else (), string(body, "finding")))
    return found


def scenarios(root: Path) -> list[Scenario]:
    """Returns the scenarios of every port, sorted by file."""
    files: dict[str, list[str]] = {}
    for path in sorted(path for group in GROUPS for path in (root / "tests" / group).rglob("*.c")):
        name = str(path.relative_to(root))
        folders = name.split("/")[2:-1]
        files.setdefault(folders[0] if folders else SHARED, []).append(name)
    found = []
    for port, names in sorted(files.items()):
        done = subprocess.run(["gcc", "-E", "-ffreestanding", "-DZAPWALK_LAB", "-I.", f"-Iarch/{port}/include", *names], cwd=root,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unreadable(done.stderr.strip())
        found += scenarios_of(done.stdout)
    return sorted(found, key=lambda each: each.path)


def places(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Returns for each guard the functions asking for it, each with its file. arch/model is left out, because the host as a
    machine repeats the guards."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(path for top in ASKED_IN for path in (root / top).rglob("*.[ch]") if "model" not in path.parts):
        for _, function, line in functions.lines(path):
            for name in re.findall(r"\bguard\((\w+)\)", line):
                place = (function, str(path.relative_to(root)))
                if place not in found.setdefault(name, []):
                    found[name].append(place)
    return found


def guards(root: Path) -> list[Guard]:
    """Returns the guards in the order of guards.def."""
    asked = places(root)
    return [Guard(name, kind, scenario, meaning, tuple(asked.get(name, ())))
            for name, kind, scenario, meaning in GUARD.findall((root / GUARDS).read_text(encoding="utf-8"))]


def needs(root: Path) -> dict[str, str]:
    """Returns the meaning of each need of needs.def, which is the first sentence of its comment."""
    return {name: " ".join(comment.replace("\n *", " ").split()).partition(". ")[0] for comment, name in NEED.findall((root / NEEDS).read_text(encoding="utf-8"))}
