/* SPDX-License-Identifier: MIT */
/* Draws large letters out of many cells, for a verdict legible from across a room. */
#include "drivers/font.h"
#include "kernel/dashboard/banner.h"

static void draw_glyph(unsigned col, unsigned row, unsigned wide, u8 ink, const u8 *glyph)
{
	for (unsigned y = 0; y < FONT_ROWS; y++)
		for (unsigned x = 0; x < FONT_COLS; x++)
			if (glyph[y] & 0x80u >> x)
				screen_fill(col + x * wide, row + y, wide, ink);
}

/* Returns how many letters to draw. It is all of them, or the first word if the rest has no
 * room. */
static unsigned letters(const char *text)
{
	unsigned all = (unsigned)__builtin_strlen(text), first = 0;

	while (text[first] && text[first] != ' ')
		first++;
	return all * FONT_COLS <= screen_cols() ? all : first;
}

/* A cell is twice as high as wide, so each pixel gets two cells if the text has room. */
unsigned banner_draw(unsigned row, u8 ink, const char *text)
{
	unsigned length = letters(text);
	unsigned wide = length * FONT_COLS * 2 <= screen_cols() ? 2 : 1;
	unsigned width = length * FONT_COLS * wide;
	unsigned col = screen_cols() > width ? (screen_cols() - width) / 2 : 0;

	for (unsigned i = 0; i < length; i++, col += FONT_COLS * wide)
		draw_glyph(col, row, wide, ink, font_glyph(text[i]));
	return row + FONT_ROWS;
}
