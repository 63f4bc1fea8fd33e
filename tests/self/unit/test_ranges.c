/* SPDX-License-Identifier: MIT */
/* Tests the list of usable RAM in boot/ranges.c. */
#include "boot/ranges.h"

#include <string.h>

#include "kernel/compiler.h"
#include "kernel/random.h"
#include "tests/self/unit/tap.h"

#define NO_LIMIT (~(paddr_t)0)
#define KIB(n)	 ((paddr_t)(n) << 10)
#define GIB(n)	 ((paddr_t)(n) << 30)

static struct boot_info boot;

static void start(void)
{
	memset(&boot, 0, sizeof(boot));
}

static bool is(unsigned nr, const struct boot_range *ranges)
{
	return boot.nr_ram == nr && !memcmp(boot.ram, ranges, nr * sizeof(*ranges));
}
#define IS(...)                                                                                    \
	is(sizeof((struct boot_range[]){__VA_ARGS__}) / sizeof(struct boot_range),                 \
	   (struct boot_range[]){__VA_ARGS__})

static void test_add(void)
{
	start();
	ranges_add(&boot, KIB(1024), KIB(2048), NO_LIMIT);
	ranges_add(&boot, KIB(4), KIB(640), NO_LIMIT);
	CHECK(IS({KIB(4), KIB(640)}, {KIB(1024), KIB(2048)}), "two ranges, put in order");
	ranges_add(&boot, KIB(2048), KIB(3072), NO_LIMIT);
	CHECK(IS({KIB(4), KIB(640)}, {KIB(1024), KIB(3072)}), "touching ranges become one");
	ranges_add(&boot, KIB(512), KIB(1100), NO_LIMIT);
	CHECK(IS({KIB(4), KIB(3072)}), "an overlap of both joins them");
	ranges_add(&boot, KIB(8), KIB(12), NO_LIMIT);
	CHECK(IS({KIB(4), KIB(3072)}), "a part of what is there changes nothing");
	CHECK(!boot.ranges_dropped && ranges_total(&boot) == KIB(3068), "nothing dropped; the sum");
}

static void test_odd(void)
{
	start();
	ranges_add(&boot, 1, 4095, NO_LIMIT);
	CHECK(!boot.nr_ram && !boot.ranges_dropped, "less than a page: nothing, and nothing lost");
	ranges_add(&boot, 100, 3 * 4096 + 5, NO_LIMIT);
	CHECK(IS({4096, 3 * 4096}), "whole pages inside");
	ranges_add(&boot, KIB(64), KIB(32), NO_LIMIT);
	ranges_add(&boot, KIB(64), KIB(64), NO_LIMIT);
	CHECK(IS({4096, 3 * 4096}) && boot.ranges_dropped == 2,
	      "reversed and empty: dropped, counted");
	ranges_add(&boot, ~(paddr_t)4095, ~(paddr_t)0, GIB(64));
	CHECK(boot.nr_ram == 1, "beyond the limit: left out");
	ranges_add(&boot, GIB(3), ~(paddr_t)0, GIB(64));
	CHECK(IS({4096, 3 * 4096}, {GIB(3), GIB(64)}), "huge, across 4 GiB: cut at the limit");
}

static void test_remove(void)
{
	start();
	ranges_add(&boot, 0, GIB(8), NO_LIMIT);
	ranges_remove(&boot, 0, 1);
	CHECK(IS({4096, GIB(8)}), "one byte takes its page");
	ranges_remove(&boot, GIB(4) - 1, GIB(4) + 1);
	CHECK(IS({4096, GIB(4) - 4096}, {GIB(4) + 4096, GIB(8)}),
	      "a hole across 4 GiB: two ranges");
	ranges_remove(&boot, GIB(6), ~(paddr_t)0);
	CHECK(IS({4096, GIB(4) - 4096}, {GIB(4) + 4096, GIB(6)}), "to the end of all addresses");
	ranges_remove(&boot, GIB(5), GIB(5));
	ranges_remove(&boot, GIB(5), GIB(1));
	CHECK(boot.nr_ram == 2, "an empty or reversed hole takes nothing");
	ranges_remove(&boot, KIB(8), GIB(5));
	CHECK(IS({4096, KIB(8)}, {GIB(5), GIB(6)}), "ends of two ranges");
	ranges_remove(&boot, 0, GIB(6));
	CHECK(!boot.nr_ram && !ranges_total(&boot), "all of it");
}

static void test_touch(void)
{
	start();
	ranges_add(&boot, KIB(4), KIB(8), NO_LIMIT);
	ranges_add(&boot, GIB(4), GIB(5), NO_LIMIT);
	CHECK(ranges_touch(&boot, KIB(7), KIB(9)) && ranges_touch(&boot, GIB(4) + 5, GIB(4) + 6) &&
		      ranges_touch(&boot, KIB(8) - 1, KIB(8)),
	      "a byte in common: touched");
	CHECK(!ranges_touch(&boot, 0, KIB(4)) && !ranges_touch(&boot, KIB(8), GIB(4)) &&
		      !ranges_touch(&boot, GIB(5), NO_LIMIT),
	      "side by side: not touched");
}

static void test_full(void)
{
	start();
	for (unsigned i = 0; i < BOOT_RANGES + 3; i++)
		ranges_add(&boot, KIB(16) * i, KIB(16) * i + KIB(4), NO_LIMIT);
	CHECK(boot.nr_ram == BOOT_RANGES && boot.ranges_dropped == 3,
	      "more than fit: dropped, counted");
	ranges_add(&boot, 0, KIB(16) * BOOT_RANGES, NO_LIMIT);
	CHECK(boot.nr_ram == 1, "a range over all of a full list");
	start();
	ranges_add(&boot, 0, GIB(1), NO_LIMIT);
	for (unsigned i = 1; i < BOOT_RANGES + 4; i++)
		ranges_remove(&boot, KIB(16) * i, KIB(16) * i + KIB(4));
	CHECK(boot.nr_ram == BOOT_RANGES && boot.ranges_dropped,
	      "too many holes: RAM is lost, and counted");
	CHECK(boot.ram[BOOT_RANGES - 1].end < GIB(1), "but never what a hole covers");
}

/* 64 pages kept as a bitmap beside the list. */
static void test_random(void)
{
	struct random random = random_stream(2, 1);
	bool good = true;

	for (unsigned round = 0; good && round < 20000; round++) {
		u64 pages = 0, listed = 0;

		start();
		for (unsigned step = 0; step < 12; step++) {
			u32 from = random_below(&random, 64),
			    to = from + 1 + random_below(&random, 64 - from);
			u64 bits = (to == 64 ? ~0ull : (1ull << to) - 1) & ~((1ull << from) - 1);

			if (random_next(&random) & 1) {
				ranges_add(&boot, from * 4096ull, to * 4096ull, NO_LIMIT);
				pages |= bits;
			} else {
				ranges_remove(&boot, from * 4096ull, to * 4096ull);
				pages &= ~bits;
			}
		}
		for (unsigned i = 0; i < boot.nr_ram; i++) {
			good = good && boot.ram[i].start < boot.ram[i].end &&
			       (!i || boot.ram[i - 1].end < boot.ram[i].start);
			for (paddr_t pa = boot.ram[i].start; pa < boot.ram[i].end; pa += 4096)
				listed |= 1ull << pa / 4096;
		}
		good = good && listed == pages;
	}
	CHECK(good, "random additions and removals: the same pages as a bitmap");
}

int main(void)
{
	test_add();
	test_odd();
	test_remove();
	test_touch();
	test_full();
	test_random();
	return tap_done();
}
