/* SPDX-License-Identifier: MIT */
/* with: boot/ranges.c */
/* Tests the choice of a screen in arch/x86/screen.c, the moment and the CPU of its drawing, and a
 * key at the end. tests/self/unit/test_map_screen.c tests its memory. */
#include "tests/self/unit/x86/own_io.h"

#include "arch/x86/screen.c"

#include "tests/self/unit/x86/process.h"

static const struct surface text_surface, rgb_surface;
static const struct surface *attached;
static bool bad_text, unsound;
static u64 now, step;
static enum key keys[8];
static unsigned asked, keys_until;
static bool fault_in_drawing;

void outb(u16 port, u8 value)
{
	note("out %#x=%#x", port, value);
}

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	note("map %#llx %zu %u", pa, size, type);
	return pa == 0xe0000000 || pa == 0xe1000000 ? (void *)0xf0000000 : NULL;
}

const struct surface *vga_text_init(const struct boot_framebuffer *screen, void *memory)
{
	note("text %ux%u at %#lx", screen->width, screen->height, (vaddr_t)memory);
	return bad_text ? NULL : &text_surface;
}

const struct surface *framebuffer_init(const struct boot_framebuffer *screen, void *memory)
{
	note("rgb %ux%u at %#lx", screen->width, screen->height, (vaddr_t)memory);
	return &rgb_surface;
}

bool framebuffer_check(struct boot_framebuffer *screen)
{
	(void)screen;
	return !unsound;
}

void screen_attach(const struct surface *device)
{
	attached = device;
}

bool screen_attached(void)
{
	return attached;
}

u64 clock_ns(void)
{
	return now += step;
}

void facts_take(struct facts *to, const char *text, u32 seconds)
{
	note("take '%s' %zu at %u", text[0] == 'L' ? "L..." : text, __builtin_strlen(text),
	     seconds);
	CHECK(to == &facts, "the facts");
	if (fault_in_drawing)
		x86_screen_line("panic\n", 6);
}

void dashboard_draw(const struct facts *of, u32 seconds)
{
	note("draw %u at %u", of == &facts, seconds);
}

unsigned dashboard_pages(const struct facts *of)
{
	return of == &facts ? 2 : 0;
}

void dashboard_draw_page(const struct facts *of, unsigned page, u32 seconds)
{
	note("page %u of %u, %u s", page, of == &facts, seconds);
}

enum key ps2_key(void)
{
	if (keys_until && asked == keys_until)
		process_end();
	return asked < 8 ? keys[asked++] : (asked++, KEY_NONE);
}

void ps2_reset_machine(void)
{
	note("reset");
}

static struct boot_info with(u8 type, paddr_t at, u32 pitch, u32 height)
{
	attached = NULL;
	return (struct boot_info){.framebuffer = {.at = at,
						  .problem = "old",
						  .pitch = pitch,
						  .width = 80,
						  .height = height,
						  .type = type}};
}

static bool early(paddr_t at, u32 pitch, u32 height, u8 type, const char *expected)
{
	const struct boot_info boot = with(type, at, pitch, height);

	x86_screen_early(&boot);
	return noted(expected);
}

#define CURSOR "out 0x3d4=0xa\nout 0x3d5=0x20\n"

static void test_early(void)
{
	CHECK(early(0xb8000, 160, 25, FRAMEBUFFER_TEXT, CURSOR "text 80x25 at 0xc00b8000\n") &&
		      attached == &text_surface,
	      "text below 1 MiB, without a cursor");
	CHECK(early(0xa0000, 160, 25, FRAMEBUFFER_TEXT, CURSOR "text 80x25 at 0xc00a0000\n") &&
		      early(0xff000, 128, 32, FRAMEBUFFER_TEXT,
			    CURSOR "text 80x32 at 0xc00ff000\n"),
	      "from 640 KiB up to 1 MiB");
	CHECK(early(0xb8000, 160, 25, FRAMEBUFFER_RGB, "") &&
		      early(0, 160, 25, FRAMEBUFFER_TEXT, "") &&
		      early(0x9ffff, 160, 25, FRAMEBUFFER_TEXT, "") &&
		      early(0xff001, 128, 32, FRAMEBUFFER_TEXT, "") && !attached,
	      "no other");
	bad_text = true;
	CHECK(early(0xb8000, 160, 25, FRAMEBUFFER_TEXT, CURSOR "text 80x25 at 0xc00b8000\n") &&
		      !attached,
	      "one that does not do");
	bad_text = false;
	x86_screen_enable(false);
	CHECK(early(0xb8000, 160, 25, FRAMEBUFFER_TEXT, ""), "nor where none is wanted");
	x86_screen_enable(true);
}

static void test_init(void)
{
	struct boot_info boot = with(FRAMEBUFFER_RGB, 0xe0000000, 4096, 768);

	x86_screen_init(&boot);
	DID("map 0xe0000000 3145728 2\nrgb 80x768 at 0xf0000000\n", "pixels");
	CHECK(attached == &rgb_surface && boot.framebuffer.problem[0] == 'o', "are drawn on");
	x86_screen_init(&boot);
	DID("", "one screen is enough");
	boot = with(FRAMEBUFFER_TEXT, 0xe1000000, 160, 25);
	x86_screen_init(&boot);
	DID("map 0xe1000000 4000 2\ntext 80x25 at 0xf0000000\n", "text elsewhere");
	boot = with(FRAMEBUFFER_RGB, 0, 4096, 768);
	x86_screen_init(&boot);
	unsound = true;
	boot = with(FRAMEBUFFER_RGB, 0xe0000000, 4096, 768);
	x86_screen_init(&boot);
	CHECK(noted("") && !attached, "none, or one that cannot be");
	unsound = false;
	boot = with(FRAMEBUFFER_RGB, 0xd0000000, 4096, 768);
	x86_screen_init(&boot);
	CHECK(noted("map 0xd0000000 3145728 2\n") && !attached &&
		      !__builtin_strcmp(
			      boot.framebuffer.problem,
			      "at=0xd0000000 size=3145728 is out of reach of this CPU, or too large"),
	      "out of reach");
	boot = with(FRAMEBUFFER_RGB, 0xe0000000, 4096, 768);
	boot.nr_ram = 1;
	boot.ram[0] = (struct boot_range){0xe0000000 - 4096, 0xe0000001};
	x86_screen_init(&boot);
	CHECK(noted("") && !attached &&
		      !__builtin_strcmp(boot.framebuffer.problem,
					"at=0xe0000000 size=3145728 lies in RAM"),
	      "in RAM");
	boot = with(FRAMEBUFFER_RGB, 0xe0000000, 4096, 768);
	x86_screen_enable(false);
	x86_screen_init(&boot);
	CHECK(noted("") && !boot.framebuffer.problem[0], "not wanted: no complaint");
	x86_screen_enable(true);
}

static void test_lines(void)
{
	char text[PRINTK_LINE + 2];

	attached = NULL;
	x86_screen_line("a\n", 2);
	DID("", "no screen");
	attached = &text_surface;
	now = 99999999;
	x86_screen_line("early\n", 6);
	DID("take 'early' 5 at 0\n", "not before 100 ms");
	now = 3000000000u;
	x86_screen_line("a line\n", 7);
	DID("take 'a line' 6 at 3\ndraw 1 at 3\n", "a line is taken and drawn");
	now += 99999999;
	x86_screen_line("b", 1);
	DID("take 'b' 1 at 3\n", "at most every 100 ms");
	now += 1;
	x86_screen_line("", 0);
	DID("take '' 0 at 3\ndraw 1 at 3\n", "then again");
	now += 1000000000;
	facts.over = true;
	x86_screen_line("c\n", 2);
	DID("take 'c' 1 at 4\n", "not at the end");
	facts.over = false;
	__builtin_memset(text, 'L', sizeof(text));
	x86_screen_line(text, PRINTK_LINE - 1);
	x86_screen_line(text, PRINTK_LINE);
	DID("take 'L...' 1151 at 4\ndraw 1 at 4\ntake 'L...' 1151 at 4\n", "as long as it may be");
	CHECK(!drawer, "nobody draws");
	x86_screen_enable(false);
	x86_screen_line("a\n", 2);
	DID("", "not wanted");
	x86_screen_enable(true);
}

static void test_rest(void)
{
	asked = 0;
	step = 1000000000;
	now = 0;
	keys_until = 30;
	CHECK(ENDS(x86_screen_rest()), "the pages, for ever");
	DID("page 0 of 1, 10 s\npage 1 of 1, 10 s\npage 0 of 1, 10 s\npage 1 of 1, 10 s\n",
	    "ten seconds each");
	drawer = 0;
	step = 0;
	asked = 0;
	keys_until = 3;
	keys[0] = keys[2] = KEY_OTHER;
	CHECK(ENDS(x86_screen_rest()), "or until a key");
	DID("page 0 of 1, 10 s\npage 1 of 1, 10 s\npage 0 of 1, 10 s\n", "is pressed");
	drawer = 0;
	asked = 0;
	keys_until = 1;
	keys[0] = KEY_R;
	CHECK(ENDS(x86_screen_rest()), "R");
	DID("page 0 of 1, 10 s\nreset\npage 1 of 1, 10 s\n", "resets the machine");
	x86_screen_rest();
	DID("", "while somebody draws, nobody else does");
}

static void test_fault(void)
{
	static u32 other = 4;

	drawer = 0;
	broken = false;
	fault_in_drawing = true;
	x86_screen_line("a\n", 2);
	CHECK(noted_also("take 'a' 1 at") && broken, "a fault while drawing ends it");
	fault_in_drawing = false;
	x86_screen_line("b\n", 2);
	DID("", "for good");
	broken = false;
	drawer = 1;
	process_percpu(&other);
	x86_screen_line("c\n", 2);
	CHECK(noted_also("take 'c'") && !broken, "but not another CPU's");
}

void test(void)
{
	static u32 cpu;

	process_percpu(&cpu);
	test_early();
	test_init();
	test_lines();
	test_rest();
	test_fault();
}
