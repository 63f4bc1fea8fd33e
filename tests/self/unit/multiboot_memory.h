/* SPDX-License-Identifier: MIT */
/* Makes the memory that a boot loader leaves, and parses it from an exact copy. */
#pragma once
#include "boot/x86/multiboot.h"
#include "kernel/compiler.h"
#include "tests/self/unit/bytes.h"
#include "tests/self/unit/sound.h"
#include "tests/self/unit/tap.h"

#define START 0x9000u /* physical address of the first byte */
#define LIMIT ((paddr_t)1 << 36)
#define MIB   (1ull << 20)
#define GIB   (1ull << 30)

static struct boot_info boot;
static struct boot_rsdp rsdp;

static inline const char *parse_first(const struct bytes *b, size_t n, u32 magic)
{
	u8 *copy = exact_copy(b->at, n);
	struct boot_view view = {copy, START, n};
	const char *problem = multiboot_parse(&view, magic, START, LIMIT, &boot, &rsdp);

	free(copy);
	return problem;
}

static inline const char *parse(const struct bytes *b, u32 magic)
{
	return parse_first(b, b->size, magic);
}

static inline bool range_is(unsigned i, paddr_t start, paddr_t end)
{
	return i < boot.nr_ram && boot.ram[i].start == start && boot.ram[i].end == end;
}

struct entry {
	u64 base, length;
	u32 type;
};

/* multiboot1: information at 0, map at 0x100, texts behind. */
static inline struct bytes mb1(const struct entry *map, unsigned n, const char *cmdline,
			       const char *loader)
{
	struct bytes b = {.size = 0};

	put32(&b, 0, BIT(0) | BIT(2) | BIT(6) | BIT(9));
	put32(&b, 4, 639);
	put32(&b, 8, 64 << 10);
	put32(&b, 16, START + 0x600);
	put32(&b, 44, n * 24);
	put32(&b, 48, START + 0x100);
	put32(&b, 64, START + 0x80);
	put_text(&b, 0x80, loader);
	for (unsigned i = 0; i < n; i++) {
		put32(&b, 0x100 + i * 24, 20);
		put64(&b, 0x104 + i * 24, map[i].base);
		put64(&b, 0x10c + i * 24, map[i].length);
		put32(&b, 0x114 + i * 24, map[i].type);
	}
	put_text(&b, 0x600, cmdline);
	return b;
}

static const struct entry pc_map[] = {
	{0, 0x9fc00, 1},       {0x9fc00, 0x400, 2},	 {MIB, 3 * GIB - MIB, 1},
	{4 * GIB, 3 * GIB, 1}, {0xfffc0000, 0x40000, 2},
};
#define MAP(map) (map), ARRAY_SIZE(map)

static inline size_t tag(struct bytes *b, u32 type, u32 size)
{
	size_t at = (b->size + 7) & ~7ul;

	put32(b, at, type);
	put32(b, at + 4, size);
	put8(b, at + size - 1, 0);
	return at;
}

/* multiboot2: total size and 0, then tags. */
static inline struct bytes mb2(const struct entry *map, unsigned n, const char *cmdline)
{
	struct bytes b = {.size = 8};
	size_t at;

	put_text(&b, tag(&b, 2, 8 + 5) + 8, "GRUB");
	at = tag(&b, 1, 8 + (u32)strlen(cmdline) + 1);
	put_text(&b, at + 8, cmdline);
	at = tag(&b, 6, 16 + n * 24);
	put32(&b, at + 8, 24);
	for (unsigned i = 0; i < n; i++) {
		put64(&b, at + 16 + i * 24, map[i].base);
		put64(&b, at + 24 + i * 24, map[i].length);
		put32(&b, at + 32 + i * 24, map[i].type);
	}
	at = tag(&b, 15, 8 + 36);
	put_text(&b, at + 8, "RSD PTR ");
	at = tag(&b, 14, 8 + 20);
	put_text(&b, at + 8, "OLD PTR ");
	at = tag(&b, 4, 16);
	put32(&b, at + 8, 640);
	put32(&b, at + 12, 1024);
	tag(&b, 0, 8);
	put32(&b, 0, (u32)b.size);
	return b;
}
