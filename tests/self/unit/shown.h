/* SPDX-License-Identifier: MIT */
/* A screen of characters for tests to read, of any size. */
#pragma once
#include <string.h>

#include "drivers/screen.h"

static struct cell_shown shown[SCREEN_ROWS_MAX][SCREEN_COLS_MAX];
static unsigned cols, rows;
static unsigned outside; /* cells that were drawn where the screen has none */

static inline void put(unsigned col, unsigned row, struct cell_shown cell)
{
	if (col >= cols || row >= rows)
		outside++;
	else
		shown[row][col] = cell;
}

static inline void attach(unsigned width, unsigned height)
{
	static struct surface surface;

	cols = width;
	rows = height;
	surface = (struct surface){width, height, put};
	memset(shown, 0, sizeof(shown));
	screen_attach(&surface);
}

/* The characters of a row, up to its last column. */
static inline void row_text(unsigned row, char text[SCREEN_COLS_MAX + 1])
{
	for (unsigned col = 0; col < cols; col++)
		text[col] = shown[row][col].c;
	text[cols] = 0;
}
