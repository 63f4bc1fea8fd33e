/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes boot/ranges.c with an input of a limit (8 bytes) and steps of 1 byte (bit 0 for add or
 * remove) and two addresses (8 bytes each). The steps themselves give the expected result, one page
 * at a time, from the last one back.
 */
#include "boot/ranges.h"

#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/sound.h"

#define STEPS	  200u
#define LAST_PAGE (~(paddr_t)0 / BOOT_PAGE)

static struct step {
	bool add;
	paddr_t start, end;
} steps[STEPS];
static unsigned nr_steps;
static paddr_t limit;

static bool should_be_listed(u64 page)
{
	paddr_t first = page * BOOT_PAGE, last = first + BOOT_PAGE - 1;

	for (unsigned i = nr_steps; i--;) {
		const struct step *step = &steps[i];

		if (step->start >= step->end)
			continue;
		if (step->add && first >= step->start && last < step->end && last < limit)
			return true;
		if (!step->add && last >= step->start && first < step->end)
			return false;
	}
	return false;
}

static bool is_listed(const struct boot_info *boot, u64 page)
{
	for (unsigned i = 0; i < boot->nr_ram; i++)
		if (page * BOOT_PAGE >= boot->ram[i].start && page * BOOT_PAGE < boot->ram[i].end)
			return true;
	return false;
}

/* lost means that the list was full once, so RAM may be missing. */
static void check_page(const struct boot_info *boot, u64 page, bool lost)
{
	if (page <= LAST_PAGE)
		MUST(is_listed(boot, page) == should_be_listed(page) ||
		     (lost && !is_listed(boot, page)));
}

static void check(const struct boot_info *boot, bool lost)
{
	u64 total = 0;

	MUST(ram_is_sound(boot, limit));
	for (unsigned i = 0; i < nr_steps; i++)
		for (int near = -1; near <= 1; near++) {
			check_page(boot, steps[i].start / BOOT_PAGE + (u64)near, lost);
			check_page(boot, steps[i].end / BOOT_PAGE + (u64)near, lost);
		}
	for (unsigned i = 0; i < boot->nr_ram; i++)
		total += boot->ram[i].end - boot->ram[i].start;
	MUST(ranges_total(boot) == total);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct boot_info boot;
	struct input input = {data, size};
	unsigned malformed = 0;

	boot = (struct boot_info){.nr_ram = 0};
	limit = take_number(&input, 8);
	for (nr_steps = 0; input.left && nr_steps < STEPS; nr_steps++) {
		struct step *step = &steps[nr_steps];

		step->add = take_number(&input, 1) & 1;
		step->start = take_number(&input, 8);
		step->end = take_number(&input, 8);
		if (step->add)
			ranges_add(&boot, step->start, step->end, limit);
		else
			ranges_remove(&boot, step->start, step->end);
		malformed += step->add && step->start >= step->end;
	}
	MUST(boot.ranges_dropped >= malformed);
	check(&boot, boot.ranges_dropped > malformed);
	return 0;
}
