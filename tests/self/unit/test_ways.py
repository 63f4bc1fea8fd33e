#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the ways listed in docs/architecture.md with the source. Fails if a function is not in the named file or
does not call the next one, or if a fault takes more than nine of them."""
from __future__ import annotations

import re

from host import ROOT, check, finish

WAYS = ("The way of one fault", "The way of one unmap", "The way of one move", "The way of one fork")
STATION = re.compile(r"^\d+\. `(\w+)\(\)` in (\S+\.[ch])\b", re.MULTILINE)
MOST = 9


def way(text: str, heading: str) -> list[tuple[str, str]]:
    """Returns the functions of a way, each with its file."""
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return STATION.findall(section)


def body(source: str, function: str) -> str | None:
    """Returns the text between the braces of a function, or None if there is no such function."""
    found = re.search(rf"^[^\n;#]*\b{function}\([^;{{]*\)\n{{\n(.*?)^}}", source, re.MULTILINE | re.DOTALL)
    return found[1] if found else None


def breaks(stations: list[tuple[str, str]], sources: dict[str, str]) -> list[str]:
    """Returns the steps of the way that the source does not take."""
    wrong = []
    for number, (function, path) in enumerate(stations):
        inside = body(sources.get(path, ""), function)
        if inside is None:
            wrong.append(f"{path} has no {function}()")
        elif number + 1 < len(stations) and not re.search(rf"\b{stations[number + 1][0]}\(", inside):
            wrong.append(f"{function}() does not call {stations[number + 1][0]}()")
    return wrong


def test_rule() -> None:
    sources = {"a.c": "int first(int a)\n{\n\treturn second(a);\n}\n", "b.c": "int second(int a)\n{\n\treturn a;\n}\n"}
    check(not breaks([("first", "a.c"), ("second", "b.c")], sources), "a way that is there")
    check(breaks([("second", "b.c"), ("first", "a.c")], sources) == ["second() does not call first()"], "one that is not")
    check(breaks([("first", "b.c")], sources) == ["b.c has no first()"], "and a function that stands elsewhere")


def main() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    sources = {str(path.relative_to(ROOT)): path.read_text() for folder in ("kernel", "mm", "tests/lab")
               for path in (ROOT / folder).rglob("*.[ch]")}
    test_rule()
    for heading in WAYS:
        stations = way(text, heading)
        wrong = breaks(stations, sources)
        check(len(stations) >= 3 and not wrong, f"{heading} is that of the source", "\n".join(wrong))
    fault = way(text, WAYS[0])
    check(fault[0][0] == "trap" and fault[-1][0] == "set_pte" and len(fault) <= MOST,
          f"a fault goes from trap() to set_pte() in at most {MOST} functions", f"{len(fault)}")
    finish()


main()
