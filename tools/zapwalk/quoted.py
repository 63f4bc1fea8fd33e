# SPDX-License-Identifier: MIT
"""Compares the places (file:line) of race points quoted by documents from a run with the sources of today."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from zapwalk import functions

DOCUMENTS = ("docs/tour.md", "docs/matrix.md")
PICTURES = {"docs/matrix.md": "docs/images/witness.svg"}  # of the same witness
POINT = re.compile(r"\brace_(?:point|value)\((\w+)")
WAIT = "wait_blocked"  # wait_until() passes this point, in the name of its caller
PLACE = r"(?P<path>[a-z][\w/]*\.[chS]):(?P<line>\d+)"
QUOTES = (re.compile(rf"is at (?P<point>\w+), value \w+: (?P<function>\w+)\(\), {PLACE}"),
          re.compile(rf"(?P<point>\w+) = 0x[0-9a-f]+[\s|]+(?P<function>\w+),[\s|]+{PLACE}"),
          re.compile(r"-ack of CPU \d+ at (?P<function>\w+):(?P<line>\d+)"))  # a wait of a function in the file of its name


@dataclass(frozen=True)
class Quote:
    point: str
    function: str
    path: str
    line: int
    start: int  # of the line's number in the document
    end: int


def quotes(text: str, root: Path) -> list[Quote]:
    found = []
    for pattern in QUOTES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            path = groups.get("path") or next((str(each.relative_to(root)) for each in root.glob(f"kernel/*/{groups['function']}.c")), "")
            found.append(Quote(groups.get("point", WAIT), groups["function"], path, int(groups["line"]), *match.span("line")))
    return sorted(found, key=lambda quote: quote.start)


def lines_of(quote: Quote, root: Path) -> list[int]:
    """Returns the lines of the quoted function with the point."""
    path = root / quote.path
    if not path.is_file():
        return []
    found = []
    for number, function, line in functions.lines(path):
        points = POINT.findall(line) + [WAIT] * ("wait_until(" in line)
        found += [number] if function == quote.function and quote.point in points else []
    return found


def complaints(text: str, root: Path) -> list[str]:
    wrong = []
    for quote in quotes(text, root):
        real = lines_of(quote, root)
        if quote.line not in real:
            where = f"is at line {', '.join(map(str, real))}" if real else "is not in that function"
            wrong.append(f"{quote.point} of {quote.function}(), {quote.path}:{quote.line}: {where}")
    return wrong


def mended(text: str, root: Path) -> str:
    """Replaces each line number by that of the nearest line with the point."""
    for quote in reversed(quotes(text, root)):
        real = lines_of(quote, root)
        if real:
            line = min(real, key=lambda number, quote=quote: abs(number - quote.line))
            text = text[:quote.start] + str(line) + text[quote.end:]
    return text


def mended_picture(picture: str, before: str, after: str, root: Path) -> str:
    """Mends the picture of a witness as its document was mended."""
    moved = {(old.function, old.path, old.line): new.line for old, new in zip(quotes(before, root), quotes(after, root))}
    return re.sub(rf"\b(?P<function>\w+), {PLACE}",
                  lambda match: f"{match['function']}, {match['path']}:{moved.get((match['function'], match['path'], int(match['line'])), match['line'])}",
                  picture)
