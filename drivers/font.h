/* SPDX-License-Identifier: MIT */
/* A font of 8 by 13 pixels with the printable characters of ASCII. */
#pragma once

#include "kernel/compiler.h"

#define FONT_FIRST  ' '
#define FONT_GLYPHS 95
#define FONT_COLS   8
#define FONT_ROWS   13

/* One byte per row, from the top. The highest bit of a byte is the leftmost pixel. */
extern const u8 font[FONT_GLYPHS][FONT_ROWS];

/* A character missing from the font looks like '?'. */
static inline const u8 *font_glyph(char c)
{
	unsigned at = (unsigned)(u8)c - FONT_FIRST;

	return font[at < FONT_GLYPHS ? at : '?' - FONT_FIRST];
}
