/* SPDX-License-Identifier: MIT */
/* Tests drivers/framebuffer.c with pixels of several kinds, read back, while ASan watches. */
#include <stdlib.h>
#include <string.h>

#include "drivers/font.h"
#include "drivers/framebuffer.h"
#include "tests/self/unit/tap.h"

struct kind {
	const char *name;
	u32 width, height, spare; /* spare is the number of bytes behind each line */
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
	{"2560x1600, 2:10:10:10", 2560, 1600, 0, 32, {20, 10}, {10, 10}, {0, 10}, 80, 25, 4},
	{"1280x800, 30 bits, red lowest", 1280, 800, 8, 30, {0, 10}, {10, 10}, {20, 10}, 80, 25, 2},
	{"640x400, 11:11:10", 640, 400, 0, 32, {0, 11}, {11, 11}, {22, 10}, 80, 25, 1},
	{"640x400, 15 bits", 640, 400, 2, 15, {10, 5}, {5, 5}, {0, 5}, 80, 25, 1},
};

static u32 pixel_at(const struct boot_framebuffer *screen, const u8 *memory, u32 x, u32 y)
{
	unsigned bytes = (screen->bits + 7u) / 8;
	u32 value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (u32)memory[y * screen->pitch + x * bytes + i] << 8 * i;
	return value;
}

static u32 full(struct boot_colour colour)
{
	return ((1u << colour.bits) - 1) << colour.lowest_bit;
}

/* Every pixel of the cell at (col, row) is white if the glyph has one, else black. */
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
					  .pitch = k->width * ((k->bits + 7u) / 8) + k->spare,
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
	CHECK(framebuffer_check(&screen) && !screen.problem[0], "%s: nothing against it", k->name);
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

/* RED is 200, 30, 30 of 255, or the nearest colour of so many bits, in its place. */
static void test_colours(void)
{
	static const struct {
		u8 bits;
		struct boot_colour red, green, blue;
		u32 pixel;
	} reds[] = {
		{32, {16, 8}, {8, 8}, {0, 8}, 200 << 16 | 30 << 8 | 30},
		{32, {20, 10}, {10, 10}, {0, 10}, 802 << 20 | 120 << 10 | 120},
		{30, {0, 10}, {10, 10}, {20, 10}, 802 | 120 << 10 | 120 << 20},
		{16, {11, 5}, {5, 6}, {0, 5}, 24 << 11 | 7 << 5 | 4},
		{15, {10, 5}, {5, 5}, {0, 5}, 24 << 10 | 4 << 5 | 4},
		{32, {31, 1}, {30, 1}, {0, 16}, 1u << 31 | 7710},
		{32, {0, 16}, {16, 12}, {28, 4}, 51400 | 482 << 16 | 2u << 28},
		{24, {20, 4}, {16, 2}, {0, 9}, 12 << 20 | 60},
	};
	u8 *memory = malloc(640 * 4 * 400);

	for (unsigned i = 0; i < ARRAY_SIZE(reds); i++) {
		struct boot_framebuffer screen = {.at = 1,
						  .pitch = 640 * 4,
						  .width = 640,
						  .height = 400,
						  .bits = reds[i].bits,
						  .type = FRAMEBUFFER_RGB,
						  .red = reds[i].red,
						  .green = reds[i].green,
						  .blue = reds[i].blue};
		const struct surface *surface = framebuffer_init(&screen, memory);

		surface->put(0, 0, (struct cell_shown){' ', INK(WHITE, RED)});
		CHECK(pixel_at(&screen, memory, 3, 3) == reds[i].pixel,
		      "red in a pixel of %u bits, red %u of them: 0x%x", reds[i].bits,
		      reds[i].red.bits, pixel_at(&screen, memory, 3, 3));
	}
	free(memory);
}

static bool refuses(struct boot_framebuffer screen, const char *field)
{
	return !framebuffer_check(&screen) && strstr(screen.problem, field);
}

static void test_refused(void)
{
	struct boot_framebuffer screen = {
		.pitch = 2560, .width = 640, .height = 400, .bits = 32, .type = FRAMEBUFFER_RGB};

	CHECK(framebuffer_check(&screen), "640 x 400 pixels are enough");
	screen.height = 399;
	CHECK(refuses(screen, "width=640 height=399 is less than 640 by 400"),
	      "399 lines are too few");
	screen = (struct boot_framebuffer){
		.pitch = 640, .width = 640, .height = 480, .bits = 8, .type = FRAMEBUFFER_RGB};
	CHECK(refuses(screen, "bits=8 "), "one byte a pixel is no colour");
	screen.type = FRAMEBUFFER_INDEXED;
	CHECK(refuses(screen, "type=0 "), "a palette");
	screen = (struct boot_framebuffer){
		.pitch = 160, .width = 80, .height = 25, .bits = 16, .type = FRAMEBUFFER_TEXT};
	CHECK(framebuffer_check(&screen), "80 x 25 letters are enough");
	screen.width = 40;
	CHECK(refuses(screen, "width=40 "), "40 letters are not");
}

/* A blank of each background, with 8 bits a colour, red, green, blue from the highest bit down. */
static void test_palette(void)
{
	static const u32 colours[] = {[BLACK] = 0,
				      [BLUE] = 0x003c8c,
				      [GREEN] = 0x00963c,
				      [CYAN] = 0x008c8c,
				      [RED] = 0xc81e1e,
				      [MAGENTA] = 0x8c008c,
				      [BROWN] = 0xaa6400,
				      [GREY] = 0xbebebe,
				      [DARK_GREY] = 0x787878,
				      [BRIGHT_BLUE] = 0x6496ff,
				      [BRIGHT_GREEN] = 0x5ae66e,
				      [BRIGHT_CYAN] = 0x64e6e6,
				      [BRIGHT_RED] = 0xff645a,
				      [BRIGHT_MAGENTA] = 0xf078f0,
				      [YELLOW] = 0xfadc50,
				      [WHITE] = 0xffffff};
	struct boot_framebuffer screen = {.at = 1,
					  .pitch = 640 * 4,
					  .width = 640,
					  .height = 400,
					  .bits = 32,
					  .type = FRAMEBUFFER_RGB,
					  .red = {16, 8},
					  .green = {8, 8},
					  .blue = {0, 8}};
	u8 *memory = calloc(screen.height, screen.pitch);
	const struct surface *surface = framebuffer_init(&screen, memory);
	const u8 *glyph = font_glyph('M');
	u32 line = 0, x = 0;

	while (!glyph[line])
		line++;
	while (!(glyph[line] & 0x80u >> x))
		x++;
	for (unsigned ink = 0; ink < NR_COLOURS; ink++) {
		surface->put(0, 0, (struct cell_shown){'M', INK(ink, BLACK)});
		CHECK(pixel_at(&screen, memory, x, 1 + line) == colours[ink], "colour %u: %06x",
		      ink, pixel_at(&screen, memory, x, 1 + line));
		surface->put(1, 0, (struct cell_shown){' ', INK(WHITE, ink % 8)});
		CHECK(pixel_at(&screen, memory, 8, 0) == colours[ink % 8], "as background too");
	}
	free(memory);
}

int main(void)
{
	test_palette();
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		test_kind(&kinds[i]);
	test_colours();
	test_refused();
	return tap_done();
}
