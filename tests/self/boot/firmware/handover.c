/* SPDX-License-Identifier: MIT */
/*
 * Acts as a boot loader that reads QEMU's information (multiboot1, its specification 3.3), loads
 * the module and starts it with the information of multiboot2 (specification 2.0, 3.6).
 */
#include "drivers/bytes.h"
#include "kernel/string.h"
#include "tests/self/boot/firmware/firmware.h"

/* multiboot1 information. */
#define MB1_CMDLINE	16
#define MB1_MODS_COUNT	20
#define MB1_MODS	24
#define MB1_MAP_LENGTH	44
#define MB1_MAP_ADDRESS 48

/* multiboot2. */
#define MB2_MAGIC   0x36d76289u
#define TAG_END	    0u
#define TAG_CMDLINE 1u
#define TAG_LOADER  2u
#define TAG_MAP	    6u
#define TAG_SCREEN  8u
#define TAG_RSDP    15u
#define MAP_ENTRY   24u

/* ELF32 file and program header, as byte offsets (ELF specification 1.2). */
#define ELF_ENTRY 24
#define ELF_PHOFF 28
#define ELF_PHNUM 44
#define PH_SIZE	  32u
#define PH_OFFSET 4
#define PH_PADDR  12
#define PH_FILESZ 16
#define PH_MEMSZ  20
#define PT_LOAD	  1u

static u8 out[16384] __aligned(8); /* boot information, aligned as 3.6.1 wants it */
static u32 used = 8;		   /* its size and a reserved word come first */

extern const u8 image_start[]; /* firmware.ld */

static const u8 *module(const u8 *info)
{
	if (!get32(info + MB1_MODS_COUNT))
		refuse("QEMU got no -initrd");
	return (const u8 *)get32(info + MB1_MODS);
}

static u32 module_end(const u8 *info)
{
	return get32(module(info) + 4);
}

/* Behind the last blank. */
const char *module_case(const u8 *info)
{
	const char *text = (const char *)get32(module(info) + 8), *last = text;

	for (; *text; text++)
		if (*text == ' ')
			last = text + 1;
	return last;
}

static u8 *add_tag(u32 type, size_t size)
{
	u8 *tag = out + used;

	if (used + ALIGN_UP(size, 8) > sizeof(out))
		refuse("too much boot information");
	set32(tag, type);
	set32(tag + 4, size);
	used += ALIGN_UP(size, 8);
	return tag + 8;
}

static void add_text(u32 type, const char *text)
{
	memcpy(add_tag(type, 8 + strlen(text) + 1), text, strlen(text) + 1);
}

/* QEMU puts the file's name in front of the options. */
static void add_options(const u8 *info)
{
	const char *text = (const char *)get32(info + MB1_CMDLINE);

	while (*text && *text != ' ')
		text++;
	add_text(TAG_CMDLINE, *text ? text + 1 : text);
}

static u8 *put_range(u8 *to, u64 start, u64 end, u32 type)
{
	set64(to, start);
	set64(to + 8, end - start);
	set32(to + 16, type);
	return to + MAP_ENTRY;
}

/* QEMU's entries are base, length and type behind their own size, always 20. */
static unsigned machine_ranges(const u8 *info)
{
	return get32(info + MB1_MAP_LENGTH) / MAP_ENTRY;
}

/* The last range keeps this program's tables and CPUs from being used as RAM. */
static void add_map(const u8 *info)
{
	const u8 *from = (const u8 *)get32(info + MB1_MAP_ADDRESS);
	unsigned count = the_case->map ? the_case->map_count : machine_ranges(info);
	u8 *to = add_tag(TAG_MAP, 16 + (count + 1) * MAP_ENTRY);

	set32(to, MAP_ENTRY);
	to += 8;
	for (unsigned i = 0; i < count; i++, from += MAP_ENTRY) {
		const struct firmware_range *range = the_case->map + i;

		if (the_case->map)
			to = put_range(to, range->start, range->end, range->type);
		else
			to = put_range(to, get64(from + 4), get64(from + 4) + get64(from + 12),
				       get32(from + 20));
	}
	put_range(to, (u32)image_start, ALIGN_UP(module_end(info), 4096), RANGE_RESERVED);
}

static void add_screen(void)
{
	struct boot_framebuffer screen = {.at = 0};
	u8 *to;

	if (!the_case->screen)
		return;
	if (!the_case->screen(&screen))
		refuse("the device whose memory shall be the screen is missing");
	to = add_tag(TAG_SCREEN, 38);
	set64(to, screen.at);
	set32(to + 8, screen.pitch);
	set32(to + 12, screen.width);
	set32(to + 16, screen.height);
	to[20] = screen.bits;
	to[21] = screen.type;
	memcpy(to + 24, &screen.red, 2);
	memcpy(to + 26, &screen.green, 2);
	memcpy(to + 28, &screen.blue, 2);
}

_Static_assert(sizeof(struct boot_colour) == 2, "in the tag: lowest bit, number of bits (3.6.12)");

static u32 load_module(const u8 *info)
{
	const u8 *elf = (const u8 *)get32(module(info)), *ph = elf + get32(elf + ELF_PHOFF);

	if (!signature_is(elf, "\177ELF\1\1", 6))
		refuse("the module is no 32-bit little-endian ELF file");
	for (unsigned i = 0; i < get16(elf + ELF_PHNUM); i++, ph += PH_SIZE) {
		u8 *to = (u8 *)get32(ph + PH_PADDR);
		u32 size = get32(ph + PH_MEMSZ), in_file = get32(ph + PH_FILESZ);

		if (get32(ph) != PT_LOAD)
			continue;
		if (in_file > size || (u32)to > (u32)image_start ||
		    size > (u32)image_start - (u32)to)
			refuse("the module wants to be loaded over this program");
		memset(to, 0, size);
		memcpy(to, elf + get32(ph + PH_OFFSET), in_file);
	}
	return get32(elf + ELF_ENTRY);
}

void hand_over(const u8 *info, const u8 *rsdp, size_t rsdp_size)
{
	u32 entry = load_module(info);

	add_options(info);
	add_text(TAG_LOADER, "zapwalk-firmware");
	memcpy(add_tag(TAG_RSDP, 8 + rsdp_size), rsdp, rsdp_size);
	add_map(info);
	add_screen();
	add_tag(TAG_END, 8);
	set32(out, used);
	if (the_case->hand_over && !the_case->hand_over())
		refuse("the device did not do what the case is about");
	print("# firmware: starts Zapwalk\n");
	cpus_release();
	__asm__ __volatile__("jmp *%2" ::"a"(MB2_MAGIC), "b"(out), "r"(entry) : "memory");
	__builtin_unreachable();
}
