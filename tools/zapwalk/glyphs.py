# SPDX-License-Identifier: MIT
"""Reads the text off a picture of our framebuffer, by the font and the sizes of drivers/framebuffer.c."""
from __future__ import annotations

import re
from pathlib import Path

from zapwalk.monitor import Picture

FONT = Path(__file__).resolve().parents[2] / "drivers/font.c"
COLS_MIN, ROWS_MIN, COLS_MAX, ROWS_MAX = 80, 25, 128, 64
WIDTH, HEIGHT, GLYPH_DOWN = 8, 16, 1


def glyphs() -> dict[tuple[int, ...], str]:
    rows = re.findall(r"^\t\{(0x[^}]*)\},", FONT.read_text(encoding="utf-8"), re.MULTILINE)
    font = [tuple(int(value, 16) for value in row.split(",")) for row in rows]
    return {glyph: chr(ord(" ") + index) for index, glyph in enumerate(font)}


def cell(picture: Picture, left: int, top: int, scale: int, known: dict[tuple[int, ...], str]) -> str:
    """Returns the character at a place, or a replacement character if the font does not have it."""
    paper = picture.pixel(left, top)
    rows = []
    for y in range(HEIGHT):
        bits = [picture.pixel(left + x * scale, top + y * scale) != paper for x in range(WIDTH)]
        rows.append(sum(0x80 >> x for x, bit in enumerate(bits) if bit))
    height = len(next(iter(known)))
    return known.get(tuple(rows[GLYPH_DOWN:GLYPH_DOWN + height]), "\N{REPLACEMENT CHARACTER}")


def text(picture: Picture) -> list[str]:
    """Returns the rows of the screen, or none if the picture is too small for a screen."""
    scale = min(picture.width // (WIDTH * COLS_MIN), picture.height // (HEIGHT * ROWS_MIN))
    if not scale:
        return []
    columns = min(picture.width // (WIDTH * scale), COLS_MAX)
    rows = min(picture.height // (HEIGHT * scale), ROWS_MAX)
    left, top = (picture.width - columns * WIDTH * scale) // 2, (picture.height - rows * HEIGHT * scale) // 2
    known = glyphs()
    return ["".join(cell(picture, left + col * WIDTH * scale, top + row * HEIGHT * scale, scale, known)
                    for col in range(columns)) for row in range(rows)]
