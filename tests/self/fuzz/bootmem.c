/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes boot/bootmem.c with an input of the end of the direct map (4 bytes), a number of ranges
 * (1), the ranges in pages (start and size, 3 bytes each), and then requests of 1 byte (bit 0 for
 * below 1 MiB) and a size (4).
 */
#include "boot/bootmem.h"

#include "boot/ranges.h"
#include "tests/self/fuzz/fuzz.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/sound.h"

#define LIMIT	    ((paddr_t)1 << 36)
#define REQUEST_MAX ((size_t)1 << 30) /* of a request, more than the direct map of any port */

static struct boot_info boot, before;
static paddr_t direct_end, pa;

/* As arch/x86/setup.c, a loader's list without frame 0 and the end of the first MiB. */
static void set_up(struct input *input)
{
	unsigned ranges = (unsigned)take_number(input, 1);

	boot = (struct boot_info){.protocol = "fuzz"};
	while (ranges-- && input->left) {
		paddr_t start = take_number(input, 3) * BOOT_PAGE;

		ranges_add(&boot, start, start + take_number(input, 3) * BOOT_PAGE, LIMIT);
	}
	ranges_remove(&boot, 0, BOOT_PAGE);
	ranges_remove(&boot, 0xa0000, LOW_END);
	boot.ram_total = ranges_total(&boot);
}

/* Is there a range at or above `from` with the bytes below `below`? */
static bool should_be_found(size_t size, paddr_t from, paddr_t below)
{
	for (unsigned i = 0; i < before.nr_ram; i++) {
		const struct boot_range *ram = &before.ram[i];
		paddr_t end = ram->end < below ? ram->end : below;

		if (ram->start >= from && ram->start < end && end - ram->start >= size)
			return true;
	}
	return false;
}

/* Is no other choice better? Low memory is taken from the top, other memory from the start of the
 * lowest range. */
static bool is_the_best(bool low, paddr_t size, paddr_t below)
{
	for (unsigned i = 0; i < before.nr_ram; i++) {
		const struct boot_range *ram = &before.ram[i];
		bool fits = ram->end - ram->start >= size;

		if (low && ram->start < LOW_END && fits && ram->end > pa + size)
			return false;
		if (!low && ram->start >= LOW_END && fits && ram->start + size <= below &&
		    ram->start < pa)
			return false;
	}
	return true;
}

static bool was_free(paddr_t start, paddr_t end)
{
	for (unsigned i = 0; i < before.nr_ram; i++)
		if (start >= before.ram[i].start && end <= before.ram[i].end)
			return true;
	return false;
}

/* Puts the result into pa, or 0 if there is none. boot_alloc() must end the machine then. */
static void allocate(bool low, size_t size)
{
	pa = 0;
	if (PANICS(pa = low ? boot_alloc_low(size) : boot_alloc(size)))
		MUST(!pa && panic_says("out of memory at boot"));
	else
		MUST(pa || low);
}

static void request(bool low, size_t size)
{
	size_t rounded = ALIGN_UP(size, BOOT_PAGE);
	paddr_t from = low ? BOOT_PAGE : LOW_END, below = low ? LOW_END : direct_end;

	before = boot;
	allocate(low, size);
	MUST(!!pa == should_be_found(rounded, from, below));
	MUST(ram_is_sound(&boot, LIMIT));
	MUST(ranges_total(&before) - ranges_total(&boot) == (pa ? rounded : 0));
	if (!pa)
		return;
	MUST(pa % BOOT_PAGE == 0 && pa >= from && pa + rounded <= below);
	MUST(was_free(pa, pa + rounded));
	MUST(is_the_best(low, rounded, below));
	for (unsigned i = 0; i < boot.nr_ram; i++)
		MUST(boot.ram[i].end <= pa || boot.ram[i].start >= pa + rounded);
}

static bool starts(void)
{
	if (!PANICS(bootmem_init(&boot, direct_end)))
		return true;
	MUST(panic_says("ram_total="));
	return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input input = {data, size};
	bool started;

	direct_end = take_number(&input, 4);
	set_up(&input);
	started = starts();
	MUST(started == (boot.ram_total >= BOOT_RAM_MIN));
	while (started && input.left) {
		bool low = take_number(&input, 1) & 1;

		request(low, 1 + take_number(&input, 4) % REQUEST_MAX);
	}
	bootmem_finish();
	return 0;
}
