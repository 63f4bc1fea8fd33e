/* SPDX-License-Identifier: MIT */
#include "arch/x86/div64.h"
#include "arch/x86/paging.h"
#include "arch/x86/screen.h"
#include "boot/ranges.h"
#include "drivers/framebuffer.h"
#include "drivers/ps2.h"
#include "drivers/screen.h"
#include "drivers/vga_text.h"
#include "kernel/dashboard/dashboard.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/io.h>
#include <asm/page.h>
#include <asm/smp.h>

#define DRAW_EVERY_NS 100000000u
#define PAGE_SECONDS  10u
#define SECOND_NS     1000000000u

#define CRTC_INDEX	  0x3d4
#define CRTC_DATA	  0x3d5
#define CRTC_CURSOR_START 0x0a
#define CURSOR_OFF	  0x20

static struct facts facts;
static bool disabled, broken;
static u32 drawer; /* CPU + 1, or 0 if nobody draws */
static u64 drawn_at;
static char line[PRINTK_LINE];

static u64 size_of(const struct boot_framebuffer *screen)
{
	return (u64)screen->pitch * screen->height;
}

static bool is_low_text(const struct boot_framebuffer *screen)
{
	return screen->type == FRAMEBUFFER_TEXT && screen->at >= 0xa0000 &&
	       screen->at + size_of(screen) <= LOW_END;
}

/* A lying loader may name RAM. Then we would draw on the lab's frames. */
static bool is_ram(const struct boot_info *boot)
{
	const struct boot_framebuffer *screen = &boot->framebuffer;

	return ranges_touch(boot, screen->at, screen->at + size_of(screen));
}

/* CRTC register 0ah, bit 5 (IBM VGA). */
static void hide_cursor(void)
{
	outb(CRTC_INDEX, CRTC_CURSOR_START);
	outb(CRTC_DATA, CURSOR_OFF);
}

void x86_screen_early(const struct boot_info *boot)
{
	const struct boot_framebuffer *screen = &boot->framebuffer;
	const struct surface *surface;

	if (disabled || !screen->at || !is_low_text(screen))
		return;
	hide_cursor();
	surface = vga_text_init(screen, (void *)(KERNEL_BASE + (vaddr_t)screen->at));
	if (surface)
		screen_attach(surface);
}

/* Maps the screen uncached, so that pixels show at once even if memory is write-back by default.
 * But an MTRR of the firmware may make it write-combining, which is much faster. Returns NULL with
 * the reason in screen->problem. */
static void *map_screen(const struct boot_info *boot, struct boot_framebuffer *screen)
{
	u64 size = size_of(screen);
	void *memory = NULL;

	if (is_ram(boot)) {
		snprintk(screen->problem, sizeof(screen->problem), "at=%#llx size=%llu lies in RAM",
			 (unsigned long long)screen->at, (unsigned long long)size);
		return NULL;
	}
	if (size <= ~0u) /* there are no more addresses, and a size_t has no more bits */
		memory = map_physical(screen->at, (size_t)size, MEMORY_UC_MINUS);
	if (!memory)
		snprintk(screen->problem, sizeof(screen->problem),
			 "at=%#llx size=%llu is out of reach of this CPU, or too large",
			 (unsigned long long)screen->at, (unsigned long long)size);
	return memory;
}

void x86_screen_init(struct boot_info *boot)
{
	struct boot_framebuffer *screen = &boot->framebuffer;
	void *memory;

	if (disabled)
		screen->problem[0] = 0;
	if (disabled || screen_attached() || !screen->at || !framebuffer_check(screen))
		return;
	memory = map_screen(boot, screen);
	if (memory)
		screen_attach(screen->type == FRAMEBUFFER_RGB ? framebuffer_init(screen, memory)
							      : vga_text_init(screen, memory));
}

void x86_screen_enable(bool on)
{
	disabled = !on;
}

/* A fault while drawing comes back here to be printed, and then the screen is left alone. If
 * another CPU was stopped while it drew, its drawing is drawn over. */
static bool begin_drawing(void)
{
	if (disabled || broken || !screen_attached())
		return false;
	broken = drawer == cpu_id() + 1;
	if (!broken)
		drawer = cpu_id() + 1;
	return !broken;
}

static void take_line(const char *bytes, size_t n)
{
	u64 now = clock_ns();
	u32 seconds = (u32)div64_32(now, SECOND_NS);

	n = n && bytes[n - 1] == '\n' ? n - 1 : n;
	n = n < sizeof(line) ? n : sizeof(line) - 1;
	__builtin_memcpy(line, bytes, n);
	line[n] = 0;
	facts_take(&facts, line, seconds);
	if (facts.over || now - drawn_at < DRAW_EVERY_NS)
		return; /* after the end x86_screen_rest() draws */
	dashboard_draw(&facts, seconds);
	drawn_at = now;
}

void x86_screen_line(const char *bytes, size_t n)
{
	if (!begin_drawing())
		return;
	take_line(bytes, n);
	drawer = 0;
}

/* Waits until a key goes down, or PAGE_SECONDS. */
static void wait_for_key(void)
{
	u64 start = clock_ns();

	while (clock_ns() - start < (u64)PAGE_SECONDS * SECOND_NS) {
		enum key key = ps2_key();

		if (key == KEY_R)
			ps2_reset_machine();
		if (key != KEY_NONE)
			return;
		cpu_relax();
	}
}

void x86_screen_rest(void)
{
	if (!begin_drawing())
		return;
	for (unsigned page = 0;; page = (page + 1) % dashboard_pages(&facts)) {
		dashboard_draw_page(&facts, page, PAGE_SECONDS);
		wait_for_key();
	}
}
