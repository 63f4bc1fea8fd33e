/* SPDX-License-Identifier: MIT */
/* drivers/framebuffer.c: pixels of several kinds, read back; ASan sees a byte outside. */
#include <stdlib.h>
#include <string.h>

#include "drivers/font.h"
#include "drivers/framebuffer.h"
#include "tests/unit/tap.h"

struct kind {
	const char *name;
	u32 width, height, spare; /* spare: bytes behind each line */
	u8 bits;
	struct boot_colour red, green, blue;
	unsigned cols, rows, scale;
};

static const struct kind kinds[] = {
	{"800x600, 24 bits", 800, 600, 0, 24, {16, 8}, {8, 8}, {0, 8}, 100, 37, 1},
	{"1024x768, 32 bits, a line of 4101 bytes",
	 1024,
	 768,
	 5,
	 32,
	 {16, 8},
	 {8, 8},
	 {0, 8},
	 128,
	 48,
	 1},
	{"1280x800, 32 bits, red lowest", 1280, 800, 64, 32, {0, 8}, {8, 8}, {16, 8}, 80, 25, 2},
	{"1920x1080, 24 bits", 1920, 1080, 0, 24, {16, 8}, {8, 8}, {0, 8}, 120, 33, 2},
	{"640x400, 16 bits", 640, 400, 0, 16, {11, 5}, {5, 6}, {0, 5}, 80, 25, 1},
	{"3840x2160, 32 bits", 3840, 2160, 0, 32, {16, 8}, {8, 8}, {0, 8}, 96, 27, 5},
};

static u32 pixel_at(const struct boot_framebuffer *screen, const u8 *memory, u32 x, u32 y)
{
	unsigned bytes = screen->bits / 8;
	u32 value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (u32)memory[y * screen->pitch + x * bytes + i] << 8 * i;
	return value;
}

static u32 full(struct boot_colour colour)
{
	return ((1u << colour.bits) - 1) << colour.lowest_bit;
}

/* Every pixel of the cell at (col, row) is white where the glyph has one, else black. */
static bool shows(const struct boot_framebuffer *screen, const u8 *memory, const struct kind *k,
		  unsigned col, unsigned row, char c)
{
	u32 white = full(k->red) | full(k->green) | full(k->blue);
	u32 left = (k->width - k->cols * 8 * k->scale) / 2 + col * 8 * k->scale;
	u32 top = (k->height - k->rows * 16 * k->scale) / 2 + row * 16 * k->scale;

	for (u32 y = 0; y < 16 * k->scale; y++) {
		for (u32 x = 0; x < 8 * k->scale; x++) {
			u32 line = y / k->scale;
			bool on = line >= 1 && line < 1 + FONT_ROWS &&
				  font_glyph(c)[line - 1] & 0x80u >> x / k->scale;

			if (pixel_at(screen, memory, left + x, top + y) != (on ? white : 0))
				return false;
		}
	}
	return true;
}

static void test_kind(const struct kind *k)
{
	struct boot_framebuffer screen = {.at = 1,
					  .pitch = k->width * k->bits / 8 + k->spare,
					  .width = k->width,
					  .height = k->height,
					  .bits = k->bits,
					  .type = FRAMEBUFFER_RGB,
					  .red = k->red,
					  .green = k->green,
					  .blue = k->blue};
	u8 *memory = malloc((size_t)screen.pitch * screen.height);
	const struct surface *surface;
	bool spare = true;

	memset(memory, 0x5a, (size_t)screen.pitch * screen.height);
	surface = framebuffer_init(&screen, memory);
	CHECK(surface && surface->cols == k->cols && surface->rows == k->rows,
	      "%s: %u columns, %u rows", k->name, k->cols, k->rows);
	if (surface) {
		surface->put(0, 0, (struct cell_shown){'Z', INK(WHITE, BLACK)});
		surface->put(k->cols - 1, k->rows - 1, (struct cell_shown){'g', INK(WHITE, BLACK)});
		surface->put(3, 2, (struct cell_shown){(char)0xdb, INK(WHITE, BLACK)});
		CHECK(shows(&screen, memory, k, 0, 0, 'Z') &&
			      shows(&screen, memory, k, k->cols - 1, k->rows - 1, 'g') &&
			      shows(&screen, memory, k, 3, 2, '?') &&
			      shows(&screen, memory, k, 1, 0, ' '),
		      "%s: first and last cell, pixel by pixel", k->name);
	}
	for (u32 y = 0; y < k->height; y++)
		for (u32 i = 0; i < k->spare; i++)
			spare &= memory[(y + 1) * screen.pitch - 1 - i] == 0x5a;
	CHECK(spare, "%s: what is behind a line stays", k->name);
	free(memory);
}

static void test_refused(void)
{
	struct boot_framebuffer screen = {.pitch = 2560, .width = 640, .height = 399, .bits = 32};
	u8 memory[1];

	CHECK(!framebuffer_init(&screen, memory), "399 lines are too few");
	screen = (struct boot_framebuffer){.pitch = 640, .width = 640, .height = 480, .bits = 8};
	CHECK(!framebuffer_init(&screen, memory), "one byte a pixel is no colour");
}

int main(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		test_kind(&kinds[i]);
	test_refused();
	return tap_done();
}
