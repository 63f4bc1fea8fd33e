/* SPDX-License-Identifier: MIT */
/* Tests the framebuffers of loaders in boot/x86/multiboot.c, and the problem named for each one
 * refused. */
#include "tests/self/unit/multiboot_memory.h"

static void put_rgb_screen(struct bytes *b, size_t at, size_t colours)
{
	static const u8 colour[] = {16, 8, 8, 8, 0, 8};

	put64(b, at, 0xfd000000);
	put32(b, at + 8, 1024 * 4);
	put32(b, at + 12, 1024);
	put32(b, at + 16, 768);
	put8(b, at + 20, 32);
	put8(b, at + 21, 1);
	for (unsigned i = 0; i < sizeof(colour); i++)
		put8(b, colours + i, colour[i]);
}

static bool screen_is_right(void)
{
	const struct boot_framebuffer *s = &boot.framebuffer;

	return s->at == 0xfd000000 && s->pitch == 4096 && s->width == 1024 && s->height == 768 &&
	       s->bits == 32 && s->type == FRAMEBUFFER_RGB && s->red.lowest_bit == 16 &&
	       s->green.lowest_bit == 8 && s->blue.lowest_bit == 0 && s->blue.bits == 8;
}

/* Not taken, and what is wrong is named by the field and its value. */
static bool refuses_screen(struct bytes b, size_t at, u8 value, const char *problem)
{
	b.at[at] = value;
	return !parse(&b, MULTIBOOT2_MAGIC) && !boot.framebuffer.at &&
	       strstr(boot.framebuffer.problem, problem) == boot.framebuffer.problem;
}

/* Colours of 10 bits, and the most that there may be. */
static void test_deep_colours(struct bytes b, size_t at)
{
	const u8 deep[] = {20, 10, 10, 10, 0, 10};
	const struct boot_framebuffer *s = &boot.framebuffer;

	for (unsigned i = 0; i < sizeof(deep); i++)
		b.at[at + 24 + i] = deep[i];
	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && s->at == 0xfd000000 && s->red.lowest_bit == 20 &&
		      s->red.bits == 10 && s->green.bits == 10 && s->blue.bits == 10,
	      "2:10:10:10: taken");
	b.at[at + 20] = 30;
	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && s->at && s->bits == 30, "10:10:10 in 30 bits: taken");
	CHECK(refuses_screen(b, at + 20, 29, "red_lowest_bit=20 "), "in 29 bits: none");
	b.at[at + 24] = 0;
	b.at[at + 25] = 16;
	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && s->at && s->red.bits == 16,
	      "a colour of 16 bits: taken");
	CHECK(refuses_screen(b, at + 25, 17, "red_bits=17 "), "17 bits: none");
}

static void test_framebuffer(void)
{
	struct bytes b = mb2(MAP(pc_map), "list"), text;
	size_t at;

	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && !boot.framebuffer.at, "no framebuffer tag: none");
	b.size -= 8; /* the end tag */
	at = tag(&b, 8, 38) + 8;
	put_rgb_screen(&b, at, at + 24);
	tag(&b, 0, 8);
	put32(&b, 0, (u32)b.size);
	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && screen_is_right(), "multiboot2: a framebuffer");
	CHECK(!boot.framebuffer.problem[0], "and nothing against it");
	CHECK(refuses_screen(b, at + 9, 0, "pitch=0 ") &&
		      refuses_screen(b, at + 20, 48, "bits=48 ") &&
		      refuses_screen(b, at + 21, 3, "type=3 ") &&
		      refuses_screen(b, at + 24, 30, "red_lowest_bit=30 ") &&
		      refuses_screen(b, at + 27, 0, "green_bits=0 ") &&
		      refuses_screen(b, at + 28, 33, "blue_lowest_bit=33 ") &&
		      refuses_screen(b, at + 13, 0, "width=0 height=768 "),
	      "lines too short, strange pixels, types and colours: none");
	CHECK(refuses_screen(b, at - 4, 37, "size=37 "), "a tag too short for its colours: none");
	CHECK(refuses_screen(b, at + 3, 0, ""), "at 0: none, and nothing to say");
	test_deep_colours(b, at);
	text = b;
	put8(&text, at + 21, 2);
	put8(&text, at + 20, 16);
	CHECK(!parse(&text, MULTIBOOT2_MAGIC) && boot.framebuffer.type == FRAMEBUFFER_TEXT,
	      "text mode");
	put64(&b, at, ~0ull - 4096);
	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && !boot.framebuffer.at &&
		      strstr(boot.framebuffer.problem, "at=0xffffffffffffefff "),
	      "one that wraps around: none");
	b = mb1(MAP(pc_map), "", "");
	put32(&b, 0, BIT(0) | BIT(2) | BIT(6) | BIT(9) | BIT(12));
	put_rgb_screen(&b, 88, 110);
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && screen_is_right(), "multiboot1: a framebuffer");
}

int main(void)
{
	test_framebuffer();
	return tap_done();
}
