/* SPDX-License-Identifier: MIT */
/* Reads the information of a multiboot 1 or 2 loader, and checks each field before its use. */
#include "boot/ranges.h"
#include "boot/x86/multiboot.h"
#include "kernel/compiler.h"
#include "kernel/printk.h"

#define MAP_ENTRIES_MAX 1024u /* nobody has more, so a lying length ends here */
#define TAGS_MAX	256u
#define USABLE		1u /* type of a memory map entry (spec 3.3, spec 2.0 3.6.8) */

/* The flags of the multiboot1 information and the offsets of their fields (spec 3.3). */
#define MB1_HAS_MEM	BIT(0)
#define MB1_HAS_CMDLINE BIT(2)
#define MB1_HAS_MAP	BIT(6)
#define MB1_HAS_LOADER	BIT(9)
#define MB1_HAS_SCREEN	BIT(12)
#define MB1_MEM_LOWER	4
#define MB1_MEM_UPPER	8
#define MB1_CMDLINE	16
#define MB1_MAP_LENGTH	44
#define MB1_MAP_ADDRESS 48
#define MB1_LOADER	64
#define MB1_SIZE	68
#define MB1_FRAMEBUFFER 88 /* as in multiboot2 */
#define MB1_SIZE_ALL	116

/* multiboot2 tags (spec 2.0, 3.6). */
#define MB2_END	     0
#define MB2_CMDLINE  1
#define MB2_LOADER   2
#define MB2_MEM	     4
#define MB2_MAP	     6
#define MB2_SCREEN   8
#define MB2_EFI32    11
#define MB2_EFI64    12
#define MB2_RSDP_OLD 14
#define MB2_RSDP_NEW 15

static bool view_has(const struct boot_view *view, paddr_t at, u64 size)
{
	return at >= view->start && at - view->start <= view->size &&
	       size <= view->size - (at - view->start);
}

/* Bytes outside the view read as 0. */
static u8 get8(const struct boot_view *view, paddr_t at)
{
	return view_has(view, at, 1) ? view->bytes[at - view->start] : 0;
}

static u32 get32(const struct boot_view *view, paddr_t at)
{
	u32 value = 0;

	for (unsigned i = 0; i < 4; i++)
		value |= (u32)get8(view, at + i) << 8 * i;
	return value;
}

static u64 get64(const struct boot_view *view, paddr_t at)
{
	return get32(view, at) | (u64)get32(view, at + 4) << 32;
}

static u8 printable(u8 c)
{
	return c < ' ' || c > '~' ? '?' : c;
}

/* Copies a string with its end at NUL or at `end`. Returns true if it did not fit. */
static bool get_string(const struct boot_view *view, paddr_t at, paddr_t end, char *to, size_t size)
{
	size_t n = 0;

	while (at < end && get8(view, at) && n + 1 < size)
		to[n++] = (char)printable(get8(view, at++));
	to[n] = 0;
	return at < end && get8(view, at);
}

static bool loader_is_qemu(const struct boot_info *boot)
{
	const char *name = "qemu";
	unsigned i = 0;

	while (name[i] && boot->loader[i] == name[i])
		i++;
	return !name[i];
}

static paddr_t skip(const struct boot_view *view, paddr_t at, paddr_t end, bool spaces)
{
	while (at < end && get8(view, at) && (get8(view, at) == ' ') == spaces)
		at++;
	return at;
}

/* QEMU puts the file's name in front, whatever it is, and GRUB legacy a path. */
static void get_cmdline(const struct boot_view *view, paddr_t at, paddr_t end,
			struct boot_info *boot)
{
	u8 first;

	at = skip(view, at, end, true);
	first = get8(view, at);
	if (loader_is_qemu(boot) || first == '/' || first == '(')
		at = skip(view, skip(view, at, end, false), end, true);
	boot->cmdline_cut = get_string(view, at, end, boot->cmdline, sizeof(boot->cmdline));
}

/* mem_lower starts at 0, mem_upper at 1 MiB, and both are in KiB (spec 3.3). */
static void add_mem(struct boot_info *boot, u32 lower, u32 upper, paddr_t limit)
{
	if (lower)
		ranges_add(boot, 0, (u64)(lower < 640 ? lower : 640) << 10, limit);
	if (upper)
		ranges_add(boot, 1u << 20, (1u << 20) + ((u64)upper << 10), limit);
}

/* An entry has a base, a length and a type (both specifications). The first pass adds usable
 * memory. The second takes away the memory of all other entries. */
static void map_entry(const struct boot_view *view, paddr_t at, paddr_t limit, bool usable,
		      struct boot_info *boot)
{
	u64 base = get64(view, at), length = get64(view, at + 8);
	u64 end = base + length;

	if ((get32(view, at + 16) == USABLE) != usable)
		return;
	if (usable)
		ranges_add(boot, base, end, limit); /* drops and counts a range that wraps around */
	else if (end > base)
		ranges_remove(boot, base, end);
	else if (length)
		boot->ranges_dropped++;
}

/* An entry of multiboot1 begins with its own size, and this size does not count itself. In
 * multiboot2 all entries have one size (`fixed`). */
static void add_map(const struct boot_view *view, paddr_t at, paddr_t end, u32 fixed, paddr_t limit,
		    struct boot_info *boot)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		paddr_t entry = at;

		for (unsigned n = 0; entry < end && n < MAP_ENTRIES_MAX; n++) {
			u32 size = fixed ? fixed : get32(view, entry);
			paddr_t body = fixed ? entry : entry + 4;

			if (size < 20 || body + size > end || !view_has(view, body, size)) {
				boot->ranges_dropped += pass;
				break;
			}
			map_entry(view, body, limit, pass == 0, boot);
			entry = body + size;
		}
	}
}

/* Stores the complaint about a screen. A later one takes the place of an earlier one. */
#define SAY(screen, ...) snprintk((screen)->problem, sizeof((screen)->problem), __VA_ARGS__)

static void check_colour(struct boot_framebuffer *screen, const char *name,
			 struct boot_colour colour)
{
	if (!colour.bits || colour.bits > COLOUR_BITS_MAX)
		SAY(screen, "%s_bits=%u is not from 1 to %u", name, colour.bits, COLOUR_BITS_MAX);
	else if (colour.lowest_bit + colour.bits > screen->bits)
		SAY(screen, "%s_lowest_bit=%u is too high for a pixel of %u bits", name,
		    colour.lowest_bit, screen->bits);
}

/* A lying field must not lead anybody to write outside of the screen. */
static void check_framebuffer(struct boot_framebuffer *screen)
{
	u64 line = (u64)screen->width * ALIGN_UP(screen->bits, 8) / 8;

	if (screen->type == FRAMEBUFFER_RGB) {
		check_colour(screen, "red", screen->red);
		check_colour(screen, "green", screen->green);
		check_colour(screen, "blue", screen->blue);
	}
	if (!screen->width || !screen->height)
		SAY(screen, "width=%u height=%u has no pixel", screen->width, screen->height);
	else if (screen->type > FRAMEBUFFER_TEXT)
		SAY(screen, "type=%u is none of 0 to %u", screen->type, FRAMEBUFFER_TEXT);
	else if (screen->bits < 8 || screen->bits > 32)
		SAY(screen, "bits=%u is not from 8 to 32", screen->bits);
	else if (screen->pitch < line)
		SAY(screen, "pitch=%u is less than a line of %u pixels", screen->pitch,
		    screen->width);
	else if (screen->at + (u64)screen->pitch * screen->height < screen->at)
		SAY(screen, "at=%#llx goes beyond the last address",
		    (unsigned long long)screen->at);
}

/* Both specifications have the same fields in the same order. Only multiboot2 has a pad before the
 * colours (spec 3.3 and spec 2.0, 3.6.12). */
static void get_framebuffer(const struct boot_view *view, paddr_t at, paddr_t colours,
			    struct boot_framebuffer *screen)
{
	struct boot_colour *colour[] = {&screen->red, &screen->green, &screen->blue};

	*screen = (struct boot_framebuffer){
		.at = get64(view, at),
		.pitch = get32(view, at + 8),
		.width = get32(view, at + 12),
		.height = get32(view, at + 16),
		.bits = get8(view, at + 20),
		.type = get8(view, at + 21),
	};
	for (unsigned i = 0; i < ARRAY_SIZE(colour) && screen->type == FRAMEBUFFER_RGB; i++) {
		colour[i]->lowest_bit = get8(view, colours + 2 * i);
		colour[i]->bits = get8(view, colours + 2 * i + 1);
	}
	if (screen->at)
		check_framebuffer(screen);
	if (screen->problem[0])
		screen->at = 0;
}

static void get_framebuffer_tag(const struct boot_view *view, paddr_t tag, u32 size,
				struct boot_framebuffer *screen)
{
	if (size >= (get8(view, tag + 29) == FRAMEBUFFER_RGB ? 38 : 32)) {
		get_framebuffer(view, tag + 8, tag + 32, screen);
	} else {
		*screen = (struct boot_framebuffer){.at = 0};
		SAY(screen, "size=%u of its tag is too short for its fields", size);
	}
}

static const char *parse1(const struct boot_view *view, paddr_t info, paddr_t limit,
			  struct boot_info *boot)
{
	paddr_t view_end = view->start + view->size;
	u32 flags = get32(view, info);

	boot->protocol = "multiboot1";
	if (!view_has(view, info, MB1_SIZE))
		return "multiboot1 information address";
	if (flags & MB1_HAS_LOADER)
		get_string(view, get32(view, info + MB1_LOADER), view_end, boot->loader,
			   sizeof(boot->loader));
	if (flags & MB1_HAS_CMDLINE)
		get_cmdline(view, get32(view, info + MB1_CMDLINE), view_end, boot);
	if (flags & MB1_HAS_SCREEN && view_has(view, info, MB1_SIZE_ALL))
		get_framebuffer(view, info + MB1_FRAMEBUFFER, info + MB1_FRAMEBUFFER + 22,
				&boot->framebuffer);
	if (flags & MB1_HAS_MAP) {
		paddr_t map = get32(view, info + MB1_MAP_ADDRESS);

		add_map(view, map, map + get32(view, info + MB1_MAP_LENGTH), 0, limit, boot);
	}
	if (!boot->nr_ram && flags & MB1_HAS_MEM)
		add_mem(boot, get32(view, info + MB1_MEM_LOWER), get32(view, info + MB1_MEM_UPPER),
			limit);
	return boot->nr_ram ? NULL : "multiboot1 memory map (flags bits 0 and 6)";
}

static void get_rsdp(const struct boot_view *view, paddr_t at, u32 size, struct boot_rsdp *rsdp)
{
	if (size < 20 || size <= rsdp->size)
		return; /* too short, or older than ours */
	rsdp->size = size < sizeof(rsdp->bytes) ? size : sizeof(rsdp->bytes);
	for (unsigned i = 0; i < rsdp->size; i++)
		rsdp->bytes[i] = get8(view, at + i);
}

static void parse2_tag(const struct boot_view *view, paddr_t tag, u32 size, paddr_t limit,
		       struct boot_info *boot, struct boot_rsdp *rsdp)
{
	switch (get32(view, tag)) {
	case MB2_CMDLINE:
		get_cmdline(view, tag + 8, tag + size, boot);
		break;
	case MB2_LOADER:
		get_string(view, tag + 8, tag + size, boot->loader, sizeof(boot->loader));
		break;
	case MB2_MAP:
		if (size >= 16)
			add_map(view, tag + 16, tag + size, get32(view, tag + 8), limit, boot);
		break;
	case MB2_SCREEN:
		get_framebuffer_tag(view, tag, size, &boot->framebuffer);
		break;
	case MB2_EFI32:
	case MB2_EFI64:
		boot->efi_bits = get32(view, tag) == MB2_EFI64 ? 64 : 32;
		boot->efi_table = size < 16 ? get32(view, tag + 8) : get64(view, tag + 8);
		break;
	case MB2_RSDP_OLD:
	case MB2_RSDP_NEW:
		get_rsdp(view, tag + 8, size - 8, rsdp);
		break;
	}
}

/* Returns the first tag of this type, or 0. */
static paddr_t find_tag(const struct boot_view *view, paddr_t at, paddr_t end, u32 type)
{
	for (unsigned n = 0; n < TAGS_MAX && at + 8 <= end; n++) {
		u32 size = get32(view, at + 4);

		if (get32(view, at) == MB2_END || size < 8 || at + size > end)
			return 0;
		if (get32(view, at) == type)
			return at;
		at += ALIGN_UP((u64)size, 8);
	}
	return 0;
}

static const char *parse2(const struct boot_view *view, paddr_t info, paddr_t limit,
			  struct boot_info *boot, struct boot_rsdp *rsdp)
{
	paddr_t end = info + get32(view, info), at = info + 8, tag;

	boot->protocol = "multiboot2";
	if (!view_has(view, info, 8) || end < at || !view_has(view, info, end - info))
		return "multiboot2 information address or total_size";
	for (unsigned n = 0; n < TAGS_MAX && at + 8 <= end; n++) {
		u32 size = get32(view, at + 4);

		if (get32(view, at) == MB2_END)
			break;
		if (size < 8 || at + size > end)
			return "multiboot2 tag size";
		parse2_tag(view, at, size, limit, boot, rsdp);
		at += ALIGN_UP((u64)size, 8);
	}
	tag = find_tag(view, info + 8, end, MB2_MEM);
	if (!boot->nr_ram && tag && get32(view, tag + 4) >= 16)
		add_mem(boot, get32(view, tag + 8), get32(view, tag + 12), limit);
	return boot->nr_ram ? NULL : "multiboot2 memory map (tags 4 and 6)";
}

const char *multiboot_parse(const struct boot_view *view, u32 magic, u32 info, paddr_t limit,
			    struct boot_info *boot, struct boot_rsdp *rsdp)
{
	const char *problem;

	*boot = (struct boot_info){.protocol = "unknown"};
	*rsdp = (struct boot_rsdp){.size = 0};
	if (magic == MULTIBOOT1_MAGIC)
		problem = parse1(view, info, limit, boot);
	else if (magic == MULTIBOOT2_MAGIC)
		problem = parse2(view, info, limit, boot, rsdp);
	else
		problem = "boot loader's magic number in EAX (neither multiboot1 nor multiboot2)";
	boot->ram_total = ranges_total(boot);
	return problem;
}
