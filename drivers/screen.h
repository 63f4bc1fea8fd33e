/* SPDX-License-Identifier: MIT */
/*
 * Text on a screen, whatever shows it: cells of a character and a colour. What is written is kept,
 * and only what differs from what is shown goes to the device, at screen_flush(). No locking: the
 * console's lock is held. Text outside of the screen is cut.
 */
#pragma once

#include "kernel/compiler.h"

#define SCREEN_COLS_MAX 128u
#define SCREEN_ROWS_MAX 64u
#define SCREEN_COLS_MIN 80u
#define SCREEN_ROWS_MIN 25u

/* As VGA's text mode numbers them (IBM VGA: the default palette). */
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
	unsigned cols, rows; /* of the device; what is more than the maxima stays empty */
	void (*put)(unsigned col, unsigned row, struct cell_shown cell);
};

void screen_attach(const struct surface *device);
bool screen_attached(void);
unsigned screen_cols(void);
unsigned screen_rows(void);
void screen_clear(void);
/* text in `width` cells, blanks behind it. */
void screen_text(unsigned col, unsigned row, unsigned width, u8 ink, const char *text);
void screen_fill(unsigned col, unsigned row, unsigned width, u8 ink);
void screen_flush(void);
