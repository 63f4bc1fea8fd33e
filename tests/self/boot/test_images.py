#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `make images` makes of the documents: their blocks, its pictures, and what it says without matplotlib."""
from __future__ import annotations

from tap import PLACE, ROOT, call, check, finish

from zapwalk import pages

DOCUMENTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/matrix.md", "docs/speed.md")}
PICTURES = {"kill-matrix-small": "README.md", "witness": "README.md", "kill-matrix": "docs/matrix.md", "speed": "docs/speed.md"}


def blocks() -> None:
    text = DOCUMENTS["docs/matrix.md"] + DOCUMENTS["docs/speed.md"]
    found = pages.blocks(text)
    check(set(found) == {"matrix", "witness", "speed"} and all(block.count("\n") > 20 for block in found.values()),
          "matrix.md and speed.md have their blocks, filled", found)
    check(all("at git id " in block.lower() and "-dirty" not in block for block in found.values()),
          "each names the git id, of a clean tree", found)
    again = pages.filled(text, found)
    check(again == text, "filling in the same changes nothing")
    other = pages.filled(text, {**found, "matrix": "new\n"})
    check("\nnew\n<!-- end -->" in other and found["witness"] in other, "one block is replaced, the other stays")


def pictures() -> None:
    for name, document in PICTURES.items():
        path = ROOT / f"docs/images/{name}.svg"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        check("<svg" in text and len(text) < 300_000, f"{name}.svg is there, below 300 kB")
        check(f"images/{name}.svg)" in DOCUMENTS[document], f"{document} shows {name}.svg")


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
