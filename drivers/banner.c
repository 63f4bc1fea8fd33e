/* SPDX-License-Identifier: MIT */
#include "drivers/banner.h"
#include "drivers/font.h"

static void draw_glyph(unsigned col, unsigned row, unsigned wide, u8 ink, const u8 *glyph)
{
	for (unsigned y = 0; y < FONT_ROWS; y++)
		for (unsigned x = 0; x < FONT_COLS; x++)
			if (glyph[y] & 0x80u >> x)
				screen_fill(col + x * wide, row + y, wide, ink);
}

/* A cell is twice as high as wide: two cells a pixel, if the word has room. */
unsigned banner_draw(unsigned row, u8 ink, const char *word)
{
	unsigned length = (unsigned)__builtin_strlen(word);
	unsigned wide = length * FONT_COLS * 2 <= screen_cols() ? 2 : 1;
	unsigned width = length * FONT_COLS * wide;
	unsigned col = screen_cols() > width ? (screen_cols() - width) / 2 : 0;

	for (; *word; word++, col += FONT_COLS * wide)
		draw_glyph(col, row, wide, ink, font_glyph(*word));
	return row + FONT_ROWS;
}
