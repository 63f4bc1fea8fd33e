/* SPDX-License-Identifier: MIT */
/* Tests memory maps, command lines and RSDPs of loaders, sound and unsound, in
 * boot/x86/multiboot.c. */
#include "boot/ranges.h"
#include "tests/self/unit/multiboot_memory.h"

static bool pc_map_is_right(void)
{
	return boot.nr_ram == 3 && range_is(0, 0, 0x9f000) && range_is(1, MIB, 3 * GIB) &&
	       range_is(2, 4 * GIB, 7 * GIB) && boot.ram_total == 0x9f000 + 6 * GIB - MIB &&
	       !boot.ranges_dropped;
}

static void test_good(void)
{
	struct bytes b = mb1(MAP(pc_map), "build/zapwalk.elf run=pte/* seed=1", "qemu");

	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && pc_map_is_right(),
	      "multiboot1: a PC's map, RAM above 4 GiB");
	CHECK(!strcmp(boot.loader, "qemu") && !strcmp(boot.protocol, "multiboot1"),
	      "loader and protocol");
	CHECK(!strcmp(boot.cmdline, "run=pte/* seed=1") && !boot.cmdline_cut,
	      "QEMU's first word is dropped");
	b = mb1(MAP(pc_map), "/boot/zapwalk.elf  list", "GRUB 0.97");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && !strcmp(boot.cmdline, "list"), "a path is dropped");
	b = mb1(MAP(pc_map), "(hd0,0)/zapwalk list", "GRUB 0.97");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && !strcmp(boot.cmdline, "list"), "a device is dropped");
	b = mb1(MAP(pc_map), "  list seed=2", "GRUB 2.06");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && !strcmp(boot.cmdline, "list seed=2"),
	      "a word is kept");
	b = mb1(MAP(pc_map), "zapwalk.elf", "qemu");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && !boot.cmdline[0], "only a name: an empty line");
	b = mb1(MAP(pc_map), "a\tb\x01\xff", "x");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && !strcmp(boot.cmdline, "a?b??"),
	      "unprintable characters become ?");
}

static void test_maps(void)
{
	static const struct entry small[] = {{0, 0x9fc00, 1}, {MIB, 15 * MIB - 0x20000, 1}};
	static const struct entry overlap[] = {
		{MIB, 8 * MIB, 1}, {4 * MIB, 8 * MIB, 1}, {6 * MIB, MIB, 2}};
	static const struct entry wraps[] = {
		{MIB, MIB, 1}, {~0ull - 100, 4096, 1}, {~0ull - 100, 4096, 2}};
	static const struct entry huge[] = {{MIB, ~0ull - 2 * MIB, 1}};
	static const struct entry crossing[] = {{3 * GIB, 2 * GIB, 1}};
	struct bytes b = mb1(MAP(small), "", "");

	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.ram_total == 0x9f000 + 15 * MIB - 0x20000,
	      "16 MiB");
	b = mb1(MAP(overlap), "", "");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.nr_ram == 2 && range_is(0, MIB, 6 * MIB) &&
		      range_is(1, 7 * MIB, 12 * MIB),
	      "overlapping entries join; what one calls reserved is");
	b = mb1(MAP(wraps), "", "");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.nr_ram == 1 && boot.ranges_dropped == 2,
	      "entries that wrap around are dropped, counted");
	b = mb1(MAP(huge), "", "");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.nr_ram == 1 && range_is(0, MIB, LIMIT),
	      "huge: to the limit");
	b = mb1(MAP(crossing), "", "");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && range_is(0, 3 * GIB, 5 * GIB),
	      "one entry across 4 GiB");
	b = mb1(NULL, 0, "", "");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && range_is(0, 0, 0x9f000) && range_is(1, MIB, 65 * MIB),
	      "no map: mem_lower and mem_upper");
	put32(&b, 0, BIT(9));
	CHECK(parse(&b, MULTIBOOT1_MAGIC) && !boot.nr_ram, "neither: a problem");
}

/* A machine of 1.5 TiB, as its firmware lists it (Supermicro AS-4125GS-TNRT). */
static const struct entry big_map[] = {
	{0, 0xa0000, 1},
	{0xa0000, 0x60000, 2},
	{0x100000, 0x75c00000, 1},
	{0x75d00000, 0xa8000, 4},
	{0x75da8000, 0x58000, 1},
	{0x75e00000, 0x200000, 2},
	{0x76000000, 0x281fb000, 1},
	{0x9e1fb000, 0x55a1000, 2},
	{0xa379c000, 0x299000, 3},
	{0xa3a35000, 0x5da000, 4},
	{0xa400f000, 0x1bf0000, 2},
	{0xa5bff000, 0x23fe000, 1},
	{0xa7ffd000, 0x8003000, 2},
	{0xe0000000, 0x10000000, 2},
	{0xff000000, 0x1000000, 2},
	{0x100000000, 0xfb50000000, 1},
	{0xfc50000000, 0x3b0000000, 2},
	{0x10000000000, 0x83fd0c0000, 1},
	{0x183fd0c0000, 0x2f40000, 2},
	{0x3ffc00000000, 0x4000000, 2},
};

static void test_big(void)
{
	struct bytes b = mb1(MAP(big_map), "", "");
	struct bytes top = mb1((struct entry[]){{MIB, 1ull << 63, 1}}, 1, "", "");
	u8 *copy = exact_copy(b.at, b.size);
	struct boot_view view = {copy, START, b.size};

	CHECK(!multiboot_parse(&view, MULTIBOOT1_MAGIC, START, (paddr_t)1 << 52, &boot, &rsdp) &&
		      boot.ram_total >> 20 == 1572563 && !boot.ranges_dropped,
	      "1.5 TiB: all of it is counted");
	free(copy);
	ranges_remove(&boot, LIMIT, ~(paddr_t)0);
	CHECK(ranges_total(&boot) >> 20 == 64002, "and what 36 bits can address");
	CHECK(!parse(&top, MULTIBOOT1_MAGIC) && range_is(0, MIB, LIMIT),
	      "a size without sense: to the limit");
}

static void test_long_line(void)
{
	char line[BOOT_CMDLINE_SIZE + 20];
	struct bytes b;

	memset(line, 'a', sizeof(line));
	line[sizeof(line) - 1] = 0;
	b = mb1(MAP(pc_map), line, "x");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.cmdline_cut &&
		      strlen(boot.cmdline) == BOOT_CMDLINE_SIZE - 1,
	      "a command line that is too long: cut, and said so");
	line[BOOT_CMDLINE_SIZE - 1] = 0;
	b = mb1(MAP(pc_map), line, "x");
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && !boot.cmdline_cut && !strcmp(boot.cmdline, line),
	      "the longest that fits: whole");
}

static void test_lies(void)
{
	struct bytes b = mb1(MAP(pc_map), "list", "x");

	put32(&b, 0x100 + 24, 19);
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.nr_ram == 1 && boot.ranges_dropped == 1,
	      "an entry size below 20 ends the map, counted");
	put32(&b, 0x100 + 24, 0xfffffff0);
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.nr_ram == 1 && boot.ranges_dropped == 1,
	      "so does a huge one");
	b = mb1(MAP(pc_map), "list", "x");
	put32(&b, 44, 0xffffffff);
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && boot.nr_ram == 3,
	      "a huge map length ends with the memory");
	put32(&b, 48, 0xfffffff0);
	put32(&b, 16, 0xffffffff);
	CHECK(!parse(&b, MULTIBOOT1_MAGIC) && range_is(1, MIB, 65 * MIB) && !boot.cmdline[0],
	      "addresses outside memory: nothing there");
	CHECK(parse_first(&b, 67, MULTIBOOT1_MAGIC) && !boot.nr_ram,
	      "information cut off: a problem");
	CHECK(parse(&b, 0x12345678) && !strcmp(boot.protocol, "unknown"),
	      "another magic number: a problem");
}

static void test_mb2(void)
{
	struct bytes b = mb2(MAP(pc_map), "/zapwalk.elf list");
	size_t whole = b.size;

	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && pc_map_is_right(), "multiboot2: a PC's map");
	CHECK(!strcmp(boot.cmdline, "list") && !strcmp(boot.loader, "GRUB"),
	      "command line, loader");
	CHECK(rsdp.size == 36 && !memcmp(rsdp.bytes, "RSD PTR ", 8),
	      "the new RSDP, whatever the order");
	CHECK(parse_first(&b, whole - 1, MULTIBOOT2_MAGIC), "cut off: a problem");
	put32(&b, 0, 0xffffffff);
	CHECK(parse(&b, MULTIBOOT2_MAGIC), "a total size that lies: a problem");
	put32(&b, 0, (u32)whole);
	put32(&b, 8 + 4, 7);
	CHECK(parse(&b, MULTIBOOT2_MAGIC) && strstr(parse(&b, MULTIBOOT2_MAGIC), "tag size"),
	      "a tag below 8 bytes");
	put32(&b, 8 + 4, 0xfffffff8);
	CHECK(parse(&b, MULTIBOOT2_MAGIC), "a tag beyond the end");
	b = mb2(NULL, 0, "");
	CHECK(!parse(&b, MULTIBOOT2_MAGIC) && range_is(1, MIB, 2 * MIB),
	      "an empty map: the memory tag");
}

static bool well_formed(void)
{
	return ram_is_sound(&boot, LIMIT) && rsdp.size <= sizeof(rsdp.bytes) &&
	       memchr(boot.cmdline, 0, sizeof(boot.cmdline)) &&
	       memchr(boot.loader, 0, sizeof(boot.loader));
}

static void test_random(void)
{
	const struct bytes sound[2] = {mb1(MAP(pc_map), "qemu list", "qemu"),
				       mb2(MAP(pc_map), "/x list")};
	struct random random = random_stream(5, 1);
	bool good = true;
	unsigned rounds = 0;

	for (; good && rounds < 100000; rounds++) {
		u32 which = random_next(&random) & 1;
		struct bytes b = sound[which];

		damage(&b, &random);
		parse_first(&b,
			    b.size - (random_below(&random, 4)
					      ? 0
					      : random_below(&random, (u32)b.size)),
			    which ? MULTIBOOT2_MAGIC : MULTIBOOT1_MAGIC);
		good = well_formed();
	}
	CHECK(good, "%u damaged copies: well-formed whatever they say", rounds);
}

int main(void)
{
	test_good();
	test_maps();
	test_big();
	test_long_line();
	test_lies();
	test_mb2();
	test_random();
	return tap_done();
}
