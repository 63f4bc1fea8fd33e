/* SPDX-License-Identifier: MIT */
/*
 * Text on a screen of any kind, in cells of a character and a colour. The caller's text is kept,
 * and screen_flush() hands only the changed cells to the device. Call with the console's lock held.
 * Text outside of the screen is cut.
 */
#pragma once

#include "kernel/compiler.h"

#define SCREEN_COLS_MAX 128u
#define SCREEN_ROWS_MAX 64u
#define SCREEN_COLS_MIN 80u
#define SCREEN_ROWS_MIN 25u

/* The numbers of VGA's text mode (IBM VGA, default palette). */
enum colour {
	BLACK,
	BLUE,
	GREEN,
	CYAN,
	RED,
	MAGENTA,
	BROWN,
	GREY,
	DARK_GREY,
	BRIGHT_BLUE,
	BRIGHT_GREEN,
	BRIGHT_CYAN,
	BRIGHT_RED,
	BRIGHT_MAGENTA,
	YELLOW,
	WHITE,
	NR_COLOURS
};
/* The background is one of the first eight. */
#define INK(text, background) ((u8)((background) << 4 | (text)))

struct cell_shown {
	char c;
	u8 ink;
};

/* A device. */
struct surface {
	unsigned cols, rows; /* of the device, which may have more than the maxima */
	void (*put)(unsigned col, unsigned row, struct cell_shown cell);
};

void screen_attach(const struct surface *device);
bool screen_attached(void);
unsigned screen_cols(void);
unsigned screen_rows(void);
void screen_clear(void);
/* Writes text into `width` cells and fills them up with blanks. */
void screen_text(unsigned col, unsigned row, unsigned width, u8 ink, const char *text);
void screen_fill(unsigned col, unsigned row, unsigned width, u8 ink);
void screen_flush(void);
