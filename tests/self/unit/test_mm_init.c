/* SPDX-License-Identifier: MIT */
/* Tests that mm/page/init.c frees all frames of a list of RAM except the frame table and the zero
 * page. */
#include <stdio.h>
#include <string.h>

#include "mm/page/init.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define DIRECT	 (MODEL_FRAMES * PAGE_SIZE) /* the end of the direct map */
#define PAGES(n) ((paddr_t)(n)*PAGE_SIZE)
/* Of n frames, in bytes, with the zero page behind. */
#define TABLE(n) (ALIGN_UP((n) * sizeof(struct page), PAGE_SIZE) + PAGE_SIZE)
#define HIGH(n)	 (HIGH_START + PAGES(n))

static struct boot_info boot;

/* Pairs of start and end. An end of 0 ends the list. */
static void set_ram(const paddr_t (*ranges)[2])
{
	machine_reset();
	ram_unreachable = 0;
	boot = (struct boot_info){.ram_unreachable = (u64)12345 << 20};
	for (; (*ranges)[1]; ranges++)
		boot.ram[boot.nr_ram++] = (struct boot_range){(*ranges)[0], (*ranges)[1]};
}

static bool is_ram(pfn_t pfn)
{
	for (unsigned i = 0; i < boot.nr_ram; i++)
		if (PAGES(pfn) >= boot.ram[i].start && PAGES(pfn) < boot.ram[i].end)
			return true;
	return false;
}

static bool is_free(pfn_t pfn)
{
	struct page *page = alloc_page_at(pfn);

	if (page)
		put_page(page);
	return page;
}

/* [table, table + size) is the frame table and the zero page. The zones end at direct and high. */
static bool frames_are(paddr_t table, size_t size, pfn_t high)
{
	bool good = zones[ZONE_DIRECT].nr == MODEL_FRAMES && zones[ZONE_HIGH].nr == high &&
		    zones[ZONE_HIGH].start == MODEL_HIGH_PFN &&
		    zones[ZONE_DIRECT].pages == phys_to_virt(table) &&
		    zones[ZONE_HIGH].pages == zones[ZONE_DIRECT].pages + MODEL_FRAMES;

	for (pfn_t pfn = 0; pfn < MODEL_FRAMES; pfn++) {
		bool in_table = PAGES(pfn) >= table && PAGES(pfn) < table + size;

		good = good && is_free(pfn) == (is_ram(pfn) && !in_table);
		good = good && is_free(MODEL_HIGH_PFN + pfn) ==
				       (pfn < high && is_ram(MODEL_HIGH_PFN + pfn));
	}
	return good && ram_unreachable == (u64)12345 << 20;
}

/* The last page of what is taken away is the zero page. It held other words before. */
static void test_zero_page(void)
{
	const paddr_t ram[][2] = {{PAGES(1), DIRECT}, {0, 0}};
	const u32 *word = phys_to_virt(DIRECT - PAGE_SIZE);
	bool zero = true;

	set_ram(ram);
	fill_page(phys_to_virt(DIRECT - PAGE_SIZE), 0x5107);
	mm_init(&boot);
	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		zero = zero && !word[i];
	CHECK(is_zero_pfn(MODEL_FRAMES - 1) && zero, "the last page is the zero page, cleared");
	CHECK(!page_count(pfn_to_page(zero_pfn)) && !try_get_page(pfn_to_page(zero_pfn)) &&
		      !alloc_page_at(zero_pfn),
	      "with no reference, none to be had, and not to be given out");
}

static void test_direct(void)
{
	const paddr_t ram[][2] = {{PAGES(1), DIRECT}, {0, 0}};
	const paddr_t two[][2] = {{PAGES(1), PAGES(400)}, {PAGES(410), PAGES(420)}, {0, 0}};
	size_t size = TABLE(MODEL_FRAMES);

	set_ram(ram);
	mm_init(&boot);
	CHECK(frames_are(DIRECT - size, size, 0),
	      "the table is at the end of RAM; all before it is free, and not one page of it");
	CHECK(!alloc_page(ZONE_HIGH), "there is none above 4 GiB");
	set_ram(two);
	mm_init(&boot);
	CHECK(page_to_pfn(alloc_page(ZONE_DIRECT)) == 1, "the lowest frame is given out first");
	put_page(&zones[ZONE_DIRECT].pages[1]);
	CHECK(frames_are(PAGES(400) - size, size, 0),
	      "or at the end of the last piece that is large enough");
}

static void test_high(void)
{
	const paddr_t some[][2] = {{PAGES(1), DIRECT}, {HIGH(3), HIGH(5)}, {0, 0}};
	const paddr_t most[][2] = {{PAGES(1), DIRECT}, {HIGH(3), HIGH(5000)}, {0, 0}};
	const paddr_t across[][2] = {{PAGES(1), DIRECT}, {HIGH_START - 4096, HIGH(7)}, {0, 0}};
	size_t size = TABLE(MODEL_FRAMES + 5);
	char table[40];

	set_ram(some);
	mm_init(&boot);
	CHECK(strstr(model_console, "# ev=memory direct_frames=") &&
		      strstr(model_console, " high_frames=2 used_mib=0 unreachable_mib=12345\n"),
	      "the log says so: %s", model_console);
	CHECK(frames_are(DIRECT - size, size, 5), "frames from 4 GiB on, and a hole is none");
	set_ram(most);
	snprintf(table, sizeof(table), "no %zu KiB of RAM", TABLE(2 * MODEL_FRAMES) / 1024);
	CHECK(PANICS(mm_init(&boot)) && panic_says(table),
	      "up to as many as the direct map has, for which the model has no room: %s", table);
	size = TABLE(MODEL_FRAMES + 7);
	set_ram(across);
	mm_init(&boot);
	CHECK(frames_are(DIRECT - size, size, 7), "a piece across 4 GiB: what is above");
}

/* Both bounds of what is large enough. */
static void test_room(void)
{
	size_t size = TABLE(MODEL_FRAMES);
	const paddr_t exact[][2] = {{PAGES(1), PAGES(9)}, {PAGES(20), PAGES(20) + size}, {0, 0}};
	const paddr_t less[][2] = {{PAGES(1), PAGES(9)}, {PAGES(21), PAGES(20) + size}, {0, 0}};
	const paddr_t behind[][2] = {
		{PAGES(1), PAGES(9)}, {DIRECT - size + PAGE_SIZE, DIRECT + 9 * size}, {0, 0}};
	const paddr_t from_0[][2] = {{0, size}, {0, 0}};
	const paddr_t none[][2] = {{0, 0}};

	set_ram(exact);
	mm_init(&boot);
	CHECK(frames_are(PAGES(20), size, 0), "a piece that just holds the table, and is full");
	set_ram(from_0);
	mm_init(&boot);
	CHECK(frames_are(0, size, 0), "and one that begins at 0");
	set_ram(less);
	CHECK(PANICS(mm_init(&boot)) && panic_says("in one piece for the frame table"),
	      "a page less is too small");
	set_ram(behind);
	CHECK(PANICS(mm_init(&boot)) && panic_says("no 24 KiB of RAM"),
	      "what lies behind the direct map is no room");
	set_ram(none);
	CHECK(PANICS(mm_init(&boot)), "no RAM at all");
}

int main(void)
{
	test_direct();
	test_zero_page();
	test_high();
	test_room();
	return tap_done();
}
