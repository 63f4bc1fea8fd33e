/* SPDX-License-Identifier: MIT */
/* Tests the byte of each cell in the memory of drivers/vga_text.c. */
#include "drivers/vga_text.h"

#include <string.h>

#include "tests/self/unit/tap.h"

static u8 memory[4096], expected[4096];

int main(void)
{
	struct boot_framebuffer screen = {.width = 80, .height = 25, .pitch = 162};
	const struct surface *surface = vga_text_init(&screen, memory);

	CHECK(surface && surface->cols == 80 && surface->rows == 25,
	      "80 columns and 25 rows will do");
	surface->put(0, 0, (struct cell_shown){'a', 0x1f});
	surface->put(3, 2, (struct cell_shown){'z', 0x4e});
	expected[0] = 'a';
	expected[1] = 0x1f;
	expected[2 * 162 + 6] = 'z';
	expected[2 * 162 + 7] = 0x4e;
	CHECK(!memcmp(memory, expected, sizeof(memory)),
	      "a cell is its character, then its colours, and a line may be longer than its cells");
	screen.width = 79;
	CHECK(!vga_text_init(&screen, memory), "79 columns are too few");
	screen.width = 132;
	screen.height = 24;
	CHECK(!vga_text_init(&screen, memory), "and so are 24 rows");
	screen.height = 50;
	surface = vga_text_init(&screen, memory);
	CHECK(surface && surface->cols == 132 && surface->rows == 50, "more are all used");
	return tap_done();
}
