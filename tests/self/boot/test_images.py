#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `make images` makes of README.md: its blocks, its pictures, and what it says without matplotlib."""
from __future__ import annotations

from tap import PLACE, ROOT, call, check, finish

from zapwalk import pages

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks() -> None:
    found = pages.blocks(README)
    check(set(found) == {"matrix", "witness", "speed"} and all(text.count("\n") > 20 for text in found.values()),
          "README.md has its blocks, filled", found)
    check(all("at git id " in text.lower() and "-dirty" not in text for text in found.values()),
          "each names the git id, of a clean tree", found)
    again = pages.filled(README, found)
    check(again == README, "filling in the same changes nothing")
    other = pages.filled(README, {**found, "matrix": "new\n"})
    check("\nnew\n<!-- end -->" in other and found["witness"] in other, "one block is replaced, the other stays")


def pictures() -> None:
    for name in ("kill-matrix", "witness", "speed"):
        path = ROOT / f"docs/images/{name}.svg"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        check("<svg" in text and len(text) < 200_000, f"{name}.svg is there, below 200 kB")
        check(f"](docs/images/{name}.svg)" in README, f"README.md shows {name}.svg")


def without_matplotlib() -> None:
    """A module of that name that cannot be imported hides the real one, if there is one."""
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "matplotlib.py").write_text("raise ImportError('hidden')\n")
    result = call(["tools/images"], PYTHONPATH=str(PLACE))
    check(result.status == 2 and result.says("python3-matplotlib"), "without matplotlib: how to get it", result.text)


blocks()
pictures()
without_matplotlib()
finish()
