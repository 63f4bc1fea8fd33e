/* SPDX-License-Identifier: MIT */
/* Draws cells of text on a linear framebuffer, pixel by pixel. */
#include "drivers/font.h"
#include "drivers/framebuffer.h"
#include "kernel/printk.h"

#define CELL_COLS  FONT_COLS
#define CELL_ROWS  16u /* the font's rows, and a gap between lines */
#define GLYPH_DOWN 1u

/* The colours of VGA's default palette, 8 bits each. */
static const u8 palette[NR_COLOURS][3] = {
	[BLACK] = {0, 0, 0},
	[BLUE] = {0, 60, 140},
	[GREEN] = {0, 150, 60},
	[CYAN] = {0, 140, 140},
	[RED] = {200, 30, 30},
	[MAGENTA] = {140, 0, 140},
	[BROWN] = {170, 100, 0},
	[GREY] = {190, 190, 190},
	[DARK_GREY] = {120, 120, 120},
	[BRIGHT_BLUE] = {100, 150, 255},
	[BRIGHT_GREEN] = {90, 230, 110},
	[BRIGHT_CYAN] = {100, 230, 230},
	[BRIGHT_RED] = {255, 100, 90},
	[BRIGHT_MAGENTA] = {240, 120, 240},
	[YELLOW] = {250, 220, 80},
	[WHITE] = {255, 255, 255},
};

/* May lie at any address, because the pitch need not be a multiple of a pixel. */
typedef u32 __attribute__((aligned(1), may_alias)) unaligned_u32;

static struct surface surface;
static volatile u8 *base; /* of the first cell */
static u32 pitch;
static unsigned bytes, scale;
static u32 pixel[NR_COLOURS];

/* Returns value / 255 of the colour's full strength. */
static u32 colour_bits(struct boot_colour colour, u8 value)
{
	u32 full = (1u << colour.bits) - 1;

	return (value * full + 127) / 255 << colour.lowest_bit;
}

static volatile u8 *put_pixels(volatile u8 *at, u32 value, unsigned n)
{
	for (; n; n--) {
		if (bytes == 4) {
			*(volatile unaligned_u32 *)at = value;
		} else {
			for (unsigned i = 0; i < bytes; i++)
				at[i] = (u8)(value >> 8 * i);
		}
		at += bytes;
	}
	return at;
}

static void put_row(volatile u8 *at, u8 bits, u32 ink, u32 paper)
{
	for (unsigned i = 0; i < CELL_COLS; i++)
		at = put_pixels(at, bits & 0x80u >> i ? ink : paper, scale);
}

static void put(unsigned col, unsigned row, struct cell_shown cell)
{
	const u8 *glyph = font_glyph(cell.c);
	volatile u8 *at = base + row * CELL_ROWS * scale * pitch + col * CELL_COLS * scale * bytes;
	u32 ink = pixel[cell.ink & 15], paper = pixel[cell.ink >> 4 & 7];

	for (unsigned y = 0; y < CELL_ROWS; y++) {
		bool in = y >= GLYPH_DOWN && y < GLYPH_DOWN + FONT_ROWS;

		for (unsigned i = 0; i < scale; i++, at += pitch)
			put_row(at, in ? glyph[y - GLYPH_DOWN] : 0, ink, paper);
	}
}

static void blacken(volatile u8 *at, const struct boot_framebuffer *screen)
{
	for (u32 y = 0; y < screen->height; y++, at += pitch)
		put_pixels(at, pixel[BLACK], screen->width);
}

bool framebuffer_check(struct boot_framebuffer *screen)
{
	bool text = screen->type == FRAMEBUFFER_TEXT;
	u32 width = text ? SCREEN_COLS_MIN : SCREEN_COLS_MIN * CELL_COLS;
	u32 height = text ? SCREEN_ROWS_MIN : SCREEN_ROWS_MIN * CELL_ROWS;
	size_t size = sizeof(screen->problem);

	if (screen->type == FRAMEBUFFER_INDEXED)
		snprintk(screen->problem, size, "type=%u has a palette", screen->type);
	else if (screen->width < width || screen->height < height)
		snprintk(screen->problem, size, "width=%u height=%u is less than %u by %u",
			 screen->width, screen->height, width, height);
	else if (!text && screen->bits <= 8)
		snprintk(screen->problem, size, "bits=%u is too few for colours", screen->bits);
	return !screen->problem[0];
}

const struct surface *framebuffer_init(const struct boot_framebuffer *screen, void *memory)
{
	u32 across = screen->width / (CELL_COLS * SCREEN_COLS_MIN);
	u32 down = screen->height / (CELL_ROWS * SCREEN_ROWS_MIN);

	scale = across < down ? across : down;
	bytes = (screen->bits + 7u) / 8;
	pitch = screen->pitch;
	for (unsigned i = 0; i < NR_COLOURS; i++)
		pixel[i] = colour_bits(screen->red, palette[i][0]) |
			   colour_bits(screen->green, palette[i][1]) |
			   colour_bits(screen->blue, palette[i][2]);
	surface = (struct surface){screen->width / (CELL_COLS * scale),
				   screen->height / (CELL_ROWS * scale), put};
	surface.cols = surface.cols < SCREEN_COLS_MAX ? surface.cols : SCREEN_COLS_MAX;
	surface.rows = surface.rows < SCREEN_ROWS_MAX ? surface.rows : SCREEN_ROWS_MAX;
	blacken(memory, screen);
	base = (volatile u8 *)memory +
	       (screen->height - surface.rows * CELL_ROWS * scale) / 2 * pitch +
	       (screen->width - surface.cols * CELL_COLS * scale) / 2 * bytes;
	return &surface;
}
