/* SPDX-License-Identifier: MIT */
/* Keeps the wanted and the shown content of a screen, and draws the difference. */
#include "drivers/screen.h"

static struct cell_shown wanted[SCREEN_ROWS_MAX][SCREEN_COLS_MAX];
static struct cell_shown shown[SCREEN_ROWS_MAX][SCREEN_COLS_MAX];
static const struct surface *surface;

unsigned screen_cols(void)
{
	return surface ? min(surface->cols, SCREEN_COLS_MAX) : 0;
}

unsigned screen_rows(void)
{
	return surface ? min(surface->rows, SCREEN_ROWS_MAX) : 0;
}

bool screen_attached(void)
{
	return surface != NULL;
}

/* The content of the device is unknown. */
void screen_attach(const struct surface *device)
{
	surface = device;
	__builtin_memset(shown, 0, sizeof(shown));
	screen_clear();
}

void screen_clear(void)
{
	for (unsigned row = 0; row < screen_rows(); row++)
		screen_fill(0, row, screen_cols(), INK(GREY, BLACK));
}

void screen_text(unsigned col, unsigned row, unsigned width, u8 ink, const char *text)
{
	for (unsigned end = col + width; col < end; col++) {
		char c = *text ? *text++ : ' ';

		if (row < screen_rows() && col < screen_cols())
			wanted[row][col] = (struct cell_shown){c, ink};
	}
}

void screen_fill(unsigned col, unsigned row, unsigned width, u8 ink)
{
	screen_text(col, row, width, ink, "");
}

void screen_flush(void)
{
	for (unsigned row = 0; row < screen_rows(); row++) {
		for (unsigned col = 0; col < screen_cols(); col++) {
			struct cell_shown want = wanted[row][col], *is = &shown[row][col];

			if (want.c == is->c && want.ink == is->ink)
				continue;
			surface->put(col, row, want);
			*is = want;
		}
	}
}
