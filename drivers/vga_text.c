/* SPDX-License-Identifier: MIT */
/* Draws cells of text in the memory of a PC's text mode. */
#include "drivers/vga_text.h"

static struct surface surface;
static volatile u8 *base;
static u32 pitch;

static void put(unsigned col, unsigned row, struct cell_shown cell)
{
	volatile u8 *at = base + row * pitch + 2 * col;

	at[0] = (u8)cell.c;
	at[1] = cell.ink;
}

const struct surface *vga_text_init(const struct boot_framebuffer *screen, void *memory)
{
	if (screen->width < SCREEN_COLS_MIN || screen->height < SCREEN_ROWS_MIN)
		return NULL;
	base = memory;
	pitch = screen->pitch;
	surface = (struct surface){screen->width, screen->height, put};
	return &surface;
}
