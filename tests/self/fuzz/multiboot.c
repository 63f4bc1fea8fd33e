/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes boot/x86/multiboot.c with an input of EAX, EBX and a physical address (4 bytes each), and
 * the memory from there on.
 */
#include "boot/x86/multiboot.h"

#include "boot/ranges.h"
#include "drivers/bytes.h"
#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/sound.h"

#define LIMIT ((paddr_t)1 << 36)

struct outcome {
	struct boot_info boot;
	struct boot_rsdp rsdp;
	const char *problem;
};

static bool is_text(const char *text, size_t size, size_t *length)
{
	*length = strnlen(text, size);
	for (size_t i = 0; i < *length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return *length < size;
}

static bool fits(struct boot_colour colour, u8 bits)
{
	return colour.bits && colour.bits <= 16 && colour.lowest_bit + colour.bits <= bits;
}

/* Drawing any pixel must stay within at + pitch * height, and this must not wrap around. */
static void check_screen(const struct boot_framebuffer *screen)
{
	u64 end, bytes = ((u64)screen->bits + 7) / 8;
	size_t length;

	MUST(is_text(screen->problem, sizeof(screen->problem), &length));
	if (!screen->at)
		return;
	MUST(!length);
	MUST(screen->width && screen->height && screen->bits >= 8 && screen->bits <= 32);
	MUST(!__builtin_add_overflow(screen->at, (u64)screen->pitch * screen->height, &end));
	MUST(screen->width * bytes <= screen->pitch);
	MUST(screen->type <= FRAMEBUFFER_TEXT);
	if (screen->type == FRAMEBUFFER_RGB)
		MUST(fits(screen->red, screen->bits) && fits(screen->green, screen->bits) &&
		     fits(screen->blue, screen->bits));
}

static void check(const struct outcome *is)
{
	size_t length;

	MUST(is->boot.protocol && ram_is_sound(&is->boot, LIMIT));
	MUST(is->boot.ram_total == ranges_total(&is->boot));
	MUST(is->problem || is->boot.nr_ram);
	MUST(is_text(is->boot.loader, sizeof(is->boot.loader), &length));
	MUST(is_text(is->boot.cmdline, sizeof(is->boot.cmdline), &length));
	MUST(!is->boot.cmdline_cut || length == BOOT_CMDLINE_SIZE - 1);
	MUST(!is->rsdp.size || (is->rsdp.size >= 20 && is->rsdp.size <= sizeof(is->rsdp.bytes)));
	check_screen(&is->boot.framebuffer);
}

/* Its memory: size bytes, then as many again that read as `behind`, if they are to be seen at
 * all. */
static void parse(u32 eax, u32 ebx, paddr_t start, const u8 *bytes, size_t size, size_t more,
		  u8 behind, struct outcome *is)
{
	u8 *memory = malloc(size + more + 1);
	u8 *end = memory + size + more + 1;
	struct boot_view view;

	/* At the very end of the heap's object. */
	view = (struct boot_view){end - (size + more), start, size + more};
	memcpy(end - (size + more), bytes, size);
	memset(end - more, behind, more);
	memset(is, 0, sizeof(*is));
	is->problem = multiboot_parse(&view, eax, ebx, LIMIT, &is->boot, &is->rsdp);
	free(memory);
	check(is);
}

/* multiboot2 gives the length of its information, so the bytes behind it do not count. */
static void check_end(u32 ebx, paddr_t start, const u8 *bytes, size_t size)
{
	static struct outcome a, b;
	size_t end;

	if (ebx < start || size < 4 || ebx - start > size - 4)
		return;
	end = (size_t)(ebx - start) + get32(bytes + (ebx - start));
	if (end > size || end - (ebx - start) < 8)
		return;
	parse(MULTIBOOT2_MAGIC, ebx, start, bytes, end, 64, 0, &a);
	parse(MULTIBOOT2_MAGIC, ebx, start, bytes, end, 64, 8, &b);
	MUST(!memcmp(&a, &b, sizeof(a)));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct outcome is;
	struct input input = {data, size};
	u32 eax = (u32)take_number(&input, 4), ebx = (u32)take_number(&input, 4);
	paddr_t start = take_number(&input, 4);

	parse(eax, ebx, start, input.at, input.left, 0, 0, &is);
	if (eax == MULTIBOOT2_MAGIC)
		check_end(ebx, start, input.at, input.left);
	return 0;
}
