/* SPDX-License-Identifier: MIT */
/* Tests the memory taken at boot by boot/bootmem.c and boot/x86/bios_area.h. */
#include "boot/bootmem.h"

#include <string.h>

#include "boot/ranges.h"
#include "boot/x86/reserve.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define KIB(n) ((paddr_t)(n) << 10)
#define MIB(n) ((paddr_t)(n) << 20)

static struct boot_info boot;

/* A PC of 64 MiB with a hole in its low memory. */
static void start(void)
{
	memset(&boot, 0, sizeof(boot));
	ranges_add(&boot, KIB(4), KIB(256), MIB(64));
	ranges_add(&boot, KIB(320), KIB(636), MIB(64));
	ranges_add(&boot, MIB(1), MIB(64), MIB(64));
	boot.ram_total = ranges_total(&boot);
	bootmem_init(&boot, MIB(64));
}

static void test_low(void)
{
	start();
	CHECK(boot_alloc_low(4096) == KIB(632), "a low page comes from the top of low memory");
	CHECK(boot_alloc_low(1) == KIB(628), "the next one from below it, whole pages only");
	CHECK(boot_alloc_low(KIB(308)) == KIB(320), "the rest of the upper range");
	CHECK(boot_alloc_low(4096) == KIB(252), "then the top of the lower range");
	CHECK(boot_alloc_low(KIB(249)) == 0 && boot.nr_ram == 2,
	      "too much for it: none, and nothing is lost");
	CHECK(boot_alloc_low(KIB(248)) == KIB(4) && boot_alloc_low(1) == 0, "all of it, then none");
	CHECK(boot.nr_ram == 1 && boot.ram[0].start == MIB(1) && boot.ram[0].end == MIB(64),
	      "memory above 1 MiB was not touched");
	bootmem_finish();
}

static void test_across(void)
{
	memset(&boot, 0, sizeof(boot));
	ranges_add(&boot, 0, MIB(64), MIB(64));
	boot.ram_total = ranges_total(&boot);
	bootmem_init(&boot, MIB(64));
	CHECK(boot_alloc_low(4096) == KIB(1020) && boot.nr_ram == 2 && boot.ram[1].start == MIB(1),
	      "from a range that goes on above 1 MiB: the last page below");
	CHECK(boot_alloc_low(KIB(1020)) == 0 && boot_alloc_low(KIB(1016)) == KIB(4),
	      "never frame 0");
	bootmem_finish();
}

static void test_rest(void)
{
	start();
	CHECK(boot_alloc(4096) == MIB(1) && boot_alloc(5000) == MIB(1) + 4096 &&
		      boot_alloc(4096) == MIB(1) + KIB(12),
	      "other memory comes from 1 MiB upwards");
	CHECK(boot_alloc_low(4096) == KIB(632), "and leaves low memory as it was");
	bootmem_finish();
}

static paddr_t area(u16 kib, u16 segment)
{
	u8 data[256] = {0};

	data[BIOS_DATA_KIB] = (u8)kib;
	data[BIOS_DATA_KIB + 1] = (u8)(kib >> 8);
	data[BIOS_DATA_EBDA] = (u8)segment;
	data[BIOS_DATA_EBDA + 1] = (u8)(segment >> 8);
	return bios_area(data);
}

static void test_bios_area(void)
{
	bool sound = true;

	CHECK(area(639, 0x9fc0) == 0x9f000, "a BIOS with an EBDA of 1 KiB: and its page");
	CHECK(area(623, 0x9bc0) == 0x9bc00, "16 KiB more: by both words");
	CHECK(area(600, 0x9fc0) == KIB(600), "memory taken from below the EBDA, by a network ROM");
	CHECK(area(640, 0x9000) == 0x90000, "an EBDA that the size does not tell");
	CHECK(area(0, 0) == 0x9f000 && area(0xffff, 0xffff) == 0x9f000 && area(64, 0x40) == 0x9f000,
	      "no BIOS: words without sense do not count");
	for (unsigned n = 0; n <= 0xffff && sound; n++) {
		paddr_t a = area((u16)n, 0x9fc0), b = area(639, (u16)n);

		sound = a >= BIOS_AREA_MIN && a <= BIOS_AREA_MAX && b >= BIOS_AREA_MIN &&
			b <= BIOS_AREA_MAX;
	}
	CHECK(sound, "whatever the words: at least 128 KiB are left, and the last page is not");
}

static bool ram_list_is(const struct boot_range *ranges, unsigned n)
{
	return boot.nr_ram == n && !memcmp(boot.ram, ranges, n * sizeof(*ranges));
}

/* A list with all of it must lose each part that is not ours. */
static void test_reserve(void)
{
	const u8 data[256] = {[BIOS_DATA_KIB] = 600 & 255, [BIOS_DATA_KIB + 1] = 600 >> 8};
	const struct boot_range image = {MIB(1), MIB(3)},
				rest[] = {{4096, KIB(600)}, {MIB(3), MIB(65536)}},
				cut[] = {{4096, KIB(600)}, {MIB(3), MIB(4096)}};

	boot = (struct boot_info){.nr_ram = 1, .ram = {{0, MIB(70000)}}};
	reserve_ram(&boot, MIB(80000), data, image);
	CHECK(ram_list_is(rest, 2) && !boot.ram_unreachable,
	      "not ours: frame 0, the firmware's area, the kernel, what lies beyond 64 GiB");
	boot = (struct boot_info){.nr_ram = 1, .ram = {{0, MIB(70000)}}};
	reserve_ram(&boot, MIB(4096), data, image);
	CHECK(ram_list_is(cut, 2) && boot.ram_unreachable == MIB(70000 - 4096),
	      "nor what this CPU cannot address, which is counted");
}

static void test_bounds(void)
{
	start();
	bootmem_finish();
	boot.ram_total = BOOT_RAM_MIN - 1;
	boot.protocol = "multiboot1";
	CHECK(PANICS(bootmem_init(&boot, MIB(64))) &&
		      panic_says(
			      "not enough memory: multiboot1 lists ram_total=15359 KiB of usable RAM, at least 15360 KiB needed (a machine of 16 MiB)"),
	      "a machine with a byte too little is refused");
	boot.ram_total = BOOT_RAM_MIN;
	CHECK(!PANICS(bootmem_init(&boot, MIB(64))), "one with just enough is not");
	CHECK(boot_alloc(MIB(63)) == MIB(1), "a range is given away whole");
	CHECK(PANICS(boot_alloc(5000)) &&
		      panic_says("out of memory at boot: no range of 8 KiB in [1 MiB, 64 MiB)"),
	      "then there is none");
	bootmem_finish();
	CHECK(PANICS(boot_alloc(1)) && panic_says("bootmem"), "nor later");
	CHECK(PANICS(boot_alloc_low(1)) && panic_says("bootmem"), "below 1 MiB either");
	memset(&boot, 0, sizeof(boot));
	ranges_add(&boot, MIB(2), MIB(40), MIB(64));
	boot.ram_total = ranges_total(&boot);
	bootmem_init(&boot, MIB(3));
	CHECK(boot_alloc(MIB(1)) == MIB(2) && PANICS(boot_alloc(1)),
	      "the lowest range of all, up to the limit");
	bootmem_finish();
}

int main(void)
{
	test_bounds();
	test_low();
	test_across();
	test_rest();
	test_bios_area();
	test_reserve();
	return tap_done();
}
