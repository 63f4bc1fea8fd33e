/* SPDX-License-Identifier: MIT */
/* The frame allocator. */
#include <asm/irq.h>

#include "tests/unit/machine.h"
#include "tests/unit/tap.h"

static void fill(struct page *page, u32 word)
{
	fill_page(page_map(page_to_pfn(page), WINDOW_A), word);
}

static u32 word_of(struct page *page)
{
	return *(u32 *)page_map(page_to_pfn(page), WINDOW_A);
}

static void test_zones(void)
{
	struct page *low, *high;
	u32 before;

	machine_reset();
	before = zone_free_frames();
	CHECK(before == 2 * MODEL_FRAMES - 1, "every frame but frame 0 is free");
	low = alloc_page(ZONE_DIRECT);
	high = alloc_page(ZONE_HIGH);
	CHECK(page_to_pfn(low) < MODEL_FRAMES && page_to_pfn(high) >= MODEL_HIGH_PFN,
	      "each zone its frames");
	CHECK(pfn_to_page(page_to_pfn(low)) == low && pfn_to_page(page_to_pfn(high)) == high,
	      "and back");
	CHECK(!pfn_to_page(MODEL_FRAMES) && !pfn_to_page(MODEL_HIGH_PFN - 1) &&
		      !pfn_to_page(MODEL_HIGH_PFN + MODEL_FRAMES) && !pfn_to_page(~0u),
	      "no struct page outside the zones");
	CHECK(page_count(low) == 1 && zone_free_frames() == before - 2,
	      "count 1, two frames fewer");
	put_page(low);
	put_page(high);
	CHECK(!page_count(low) && zone_free_frames() == before, "given back");
	CHECK(alloc_page(ZONE_DIRECT) == low && alloc_page(ZONE_HIGH) == high,
	      "the frame freed last comes first");
	CHECK(PANICS(page_to_pfn(&zones[ZONE_HIGH].pages[MODEL_FRAMES])),
	      "one past the last is no struct page");
}

static void test_all(void)
{
	bool seen[MODEL_FRAMES] = {false}, each_once = true;
	struct page *page;
	unsigned n = 0;

	machine_reset();
	for (; (page = alloc_page(ZONE_DIRECT)); n++) {
		each_once = each_once && page_to_pfn(page) && !seen[page_to_pfn(page)];
		seen[page_to_pfn(page)] = true;
	}
	CHECK(n == MODEL_FRAMES - 1 && each_once,
	      "all frames of a zone, each once, never frame 0; then none");
	for (unsigned i = 1; i < MODEL_FRAMES; i += 2)
		put_page(pfn_to_page(i));
	for (unsigned i = 2; i < MODEL_FRAMES; i += 2)
		put_page(pfn_to_page(i));
	for (n = 0; alloc_page(ZONE_DIRECT);)
		n++;
	CHECK(n == MODEL_FRAMES - 1, "given back in another order: all there");
}

static void test_at(void)
{
	struct page *page;
	u32 before;

	machine_reset();
	before = zone_free_frames();
	page = alloc_page_at(MODEL_HIGH_PFN + 9);
	CHECK(page && page_to_pfn(page) == MODEL_HIGH_PFN + 9 && page_count(page) == 1,
	      "that very frame");
	CHECK(!alloc_page_at(MODEL_HIGH_PFN + 9), "not twice");
	CHECK(!alloc_page_at(0) && !alloc_page_at(MODEL_FRAMES),
	      "not frame 0, not one that is none of ours");
	CHECK(alloc_page_at(1) && alloc_page_at(MODEL_FRAMES - 1),
	      "the first and the last of the list");
	CHECK(zone_free_frames() == before - 3, "three frames fewer");
	put_page(page);
	CHECK(alloc_page_at(MODEL_HIGH_PFN + 9) == page, "free again: given again");
}

static void test_references(void)
{
	struct page *page;
	u32 generation;

	machine_reset();
	page = alloc_page(ZONE_DIRECT);
	generation = page->generation;
	get_page(page);
	CHECK(try_get_page(page) && page_count(page) == 3, "three references");
	put_page(page);
	put_page(page);
	CHECK(page_count(page) == 1, "the frame stays as long as there is one");
	put_page(page);
	CHECK(!try_get_page(page) && !page_count(page), "try_get_page never revives a free frame");
	CHECK(alloc_page(ZONE_DIRECT) == page && page->generation == generation + 1,
	      "handed out again: one generation later");
}

static void test_poison(void)
{
	struct page *page, *other;

	machine_reset();
	page = new_frame(ZONE_HIGH);
	put_page(page);
	CHECK(word_of(page) == PAGE_POISON, "a free frame holds poison");
	CHECK(alloc_page(ZONE_HIGH) == page, "intact: handed out again");
	put_page(page);
	((u32 *)page_map(page_to_pfn(page), WINDOW_A))[PAGE_SIZE / 4 - 1] ^= 1;
	CHECK(PANICS(alloc_page(ZONE_HIGH)) && panic_says("written while free"),
	      "one bit written after the free: named at the next allocation");

	machine_reset();
	page = new_frame(ZONE_DIRECT);
	put_page(page);
	CHECK(PANICS(put_page(page)) && panic_says("given back twice"),
	      "a reference given back twice is found");

	machine_reset();
	page = new_frame(ZONE_DIRECT);
	other = new_frame(ZONE_DIRECT);
	put_page(page);
	fill(other, 1);
	WRITE_ONCE(page->count, 1); /* as get_page() on a frame that is free */
	CHECK(PANICS(put_page(page)) && panic_says("freed twice"),
	      "a revived frame freed again is found");
}

static void test_interrupts(void)
{
	struct page *page;

	machine_reset();
	irq_disable();
	page = alloc_page(ZONE_DIRECT);
	put_page(page);
	CHECK(!irqs_enabled(), "interrupts off: still off");
	irq_enable();
	page = alloc_page(ZONE_DIRECT);
	CHECK(irqs_enabled() && !spin_owner(&zones[ZONE_DIRECT].lock),
	      "on: on again, the lock free");
	put_page(page);
}

int main(void)
{
	test_zones();
	test_all();
	test_at();
	test_references();
	test_poison();
	test_interrupts();
	return tap_done();
}
