# SPDX-License-Identifier: MIT
"""Colours for terminals only, and texts for times and tables."""
from __future__ import annotations

import os
import shutil
import sys

CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "36", "dim": "2", "bold": "1"}


def on_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def paint(text: str, colour: str) -> str:
    if not colour or not on_terminal() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{CODES[colour]}m{text}\x1b[0m"


def width() -> int:
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))


def bar(done: int, of: int, rest: str) -> str:
    """Draws [####....] 12/40, with more text behind it."""
    size = max(10, width() - 40)
    full = min(size, size * done // max(1, of))
    return f"[{'#' * full}{'.' * (size - full)}] {done}/{of}, {rest}".rstrip(", ")


def duration(ms: float) -> str:
    """Turns 1234.5 into "1.2 s", and 0.4213 into "0.42 ms"."""
    if ms >= 1000:
        return f"{ms / 1000:.1f} s"
    return f"{ms:.0f} ms" if ms >= 10 else f"{ms:.2g} ms"


def table(rows: list[list[str]], indent: str = "  ", gap: str = "  ") -> list[str]:
    """Returns left-aligned columns. The last column is not padded."""
    if not rows:
        return []
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [indent + gap.join(text.ljust(size) for text, size in zip(row, sizes)).rstrip() for row in rows]
