#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make images fills text blocks of the documents and draws their pictures. Fails if a block or a picture is missing, or
if without matplotlib it does not say how to get it."""
from __future__ import annotations

import re

from tap import PLACE, ROOT, call, check, finish

from zapwalk import pages

DOCUMENTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/matrix.md", "docs/speed.md")}
PICTURES = {"kill-matrix-small": "README.md", "witness": "README.md", "kill-matrix": "docs/matrix.md", "speed": "docs/speed.md"}


def blocks() -> None:
    text = DOCUMENTS["docs/matrix.md"] + DOCUMENTS["docs/speed.md"]
    found = pages.blocks(text)
    check(set(found) == {"matrix", "witness", "speed"} and all(block.count("\n") > 20 for block in found.values()),
          "matrix.md and speed.md have their blocks, filled", found)
    ids = [re.findall(r"[Aa]t git id (\w+)(-dirty)?", block) for block in found.values()]
    check(all(len(each) == 1 and not each[0][1] for each in ids), "each names the git id, of a clean tree", ids)
    again = pages.filled(text, found)
    check(again == text, "filling in the same changes nothing")
    other = pages.filled(text, {**found, "matrix": "new\n"})
    check("\nnew\n<!-- end -->" in other and found["witness"] in other, "one block is replaced, the other stays")


def pictures() -> None:
    for name, document in PICTURES.items():
        path = ROOT / f"docs/images/{name}.svg"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        check("<svg" in text and len(text) < 400_000, f"{name}.svg is there, below 400 kB")
        check(f"images/{name}.svg)" in DOCUMENTS[document], f"{document} shows {name}.svg")


def without_matplotlib() -> None:
    """Hides the real matplotlib, if there is one, behind a broken module. The message must say how to get it."""
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "matplotlib.py").write_text("raise ImportError('hidden')\n")
    result = call(["tools/images"], PYTHONPATH=str(PLACE))
    check(result.status == 2 and result.says("python3-matplotlib"), "without matplotlib: how to get it", result.text)


blocks()
pictures()
without_matplotlib()
finish()
