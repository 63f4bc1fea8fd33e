/* SPDX-License-Identifier: MIT */
/* The frame allocator. */
#include <asm/irq.h>

#include "arch/model/machine.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"
#include "tests/self/unit/tap.h"

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

static bool row_is(struct page *page, pfn_t pfn, unsigned nr)
{
	bool good = page && page_to_pfn(page) == pfn;

	for (unsigned i = 0; good && i < nr; i++)
		good = page_count(page + i) == 1;
	return good;
}

/* A range is given out in its order, before the zone's older frames. */
static void test_added(void)
{
	struct page *pages = zones[ZONE_DIRECT].pages;
	bool good = true;

	machine_reset();
	zone_init(ZONE_DIRECT, 0, MODEL_FRAMES, pages);
	CHECK(!alloc_page(ZONE_DIRECT), "a zone without frames");
	zone_add_frames(20, 24);
	zone_add_frames(10, 13);
	for (pfn_t pfn = 10; pfn < 13; pfn++)
		good = good && page_to_pfn(alloc_page(ZONE_DIRECT)) == pfn;
	CHECK(good && row_is(alloc_page_at(22), 22, 1) && row_is(alloc_page(ZONE_DIRECT), 20, 1) &&
		      row_is(alloc_page(ZONE_DIRECT), 21, 1) &&
		      row_is(alloc_page(ZONE_DIRECT), 23, 1) && !alloc_page(ZONE_DIRECT),
	      "ranges: the last one first, each from its beginning on; then none");
	CHECK(!zones[ZONE_DIRECT].nr_free, "and none is counted");
}

/* Leaves only these frames of the direct zone free. */
static void leave_free(pfn_t start, pfn_t end)
{
	machine_reset();
	while (alloc_page(ZONE_DIRECT))
		;
	for (pfn_t pfn = end; pfn-- != start;)
		put_page(pfn_to_page(pfn));
}

static void test_rows(void)
{
	machine_reset();
	CHECK(row_is(alloc_pages(ZONE_DIRECT, 4), 4, 4) &&
		      zones[ZONE_DIRECT].nr_free == MODEL_FRAMES - 5,
	      "four frames in a row: from 4 on, as frame 0 is nobody's");
	leave_free(5, 12);
	CHECK(row_is(alloc_pages(ZONE_DIRECT, 4), 8, 4), "they begin at a multiple of 4");
	CHECK(!alloc_pages(ZONE_DIRECT, 4) && zones[ZONE_DIRECT].nr_free == 3,
	      "three that are left are none");
	leave_free(8, 12);
	CHECK(row_is(alloc_pages(ZONE_DIRECT, 4), 8, 4) && !zones[ZONE_DIRECT].nr_free,
	      "the last four of a zone");
	leave_free(5, 8);
	put_page(pfn_to_page(8));
	CHECK(!alloc_pages(ZONE_DIRECT, 4), "four in a row that do not begin at such a number");
	leave_free(8, 12);
	alloc_page_at(10);
	put_page(pfn_to_page(20));
	CHECK(!alloc_pages(ZONE_DIRECT, 4), "a row with a hole");
	leave_free(MODEL_FRAMES - 4, MODEL_FRAMES);
	CHECK(row_is(alloc_pages(ZONE_DIRECT, 4), MODEL_FRAMES - 4, 4), "at the zone's end");
}

/* The zone ends two frames before a multiple of 4. The struct pages behind it are another zone's,
 * and look free here. */
static void test_zone_end(void)
{
	struct zone *zone = &zones[ZONE_HIGH];
	struct page *pages = zone->pages;
	pfn_t end = MODEL_HIGH_PFN + MODEL_FRAMES - 2;

	machine_reset();
	zone_init(ZONE_HIGH, MODEL_HIGH_PFN, end, pages);
	zone_add_frames(end - 2, end);
	for (unsigned i = 0; i < 2; i++)
		pages[MODEL_FRAMES - 2 + i] = (struct page){.next = 1, .prev = 1};
	zone->nr_free = 4;
	CHECK(!alloc_pages(ZONE_HIGH, 4), "a row does not go on behind its zone");
	CHECK(row_is(alloc_pages(ZONE_HIGH, 2), end - 2, 2), "one that ends there is given");
	CHECK(PANICS(zone_add_frames(end, end + 1)) && panic_says("is in no zone"),
	      "the frame behind the last one is in no zone");
	CHECK(page_to_pfn(&pages[MODEL_FRAMES - 3]) == end - 1 &&
		      PANICS(page_to_pfn(&pages[MODEL_FRAMES - 2])),
	      "the last struct page is one, and the next is not");
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
	CHECK(word_of(page) == 0xdeadbea7, "a free frame holds poison");
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
	WRITE_ONCE(page->count, 1); /* as get_page() on a free frame */
	CHECK(PANICS(put_page(page)) && panic_says("freed twice"),
	      "a revived frame freed again is found");
}

/* A frame in use is on no list but its owner's (mm/table/table.c has one). */
static void test_owner(void)
{
	struct page *page, *other;

	machine_reset();
	page = alloc_page(ZONE_DIRECT);
	other = alloc_page(ZONE_DIRECT);
	CHECK(page->next == PFN_NONE && page->prev == PFN_NONE, "a frame comes without neighbours");
	page->next = 7;
	put_page(page);
	CHECK(alloc_page(ZONE_DIRECT) == page && alloc_page(ZONE_DIRECT) != page,
	      "what an owner left in one of them is nothing to the list");
	put_page(other);
	CHECK(!pfn_to_page(PFN_NONE), "their end is no frame");
}

/* Another CPU takes a reference between the look at the count and its exchange. */
static struct page *raced;

static bool take_meanwhile(struct op *op)
{
	if (raced && op->kind == OP_RMW && op->address == (u64)&raced->count) {
		raced->count++;
		raced = NULL;
	}
	return false;
}

static void test_raced_reference(void)
{
	struct page *page;
	bool got;

	machine_reset();
	page = raced = alloc_page(ZONE_DIRECT);
	model_submit = take_meanwhile;
	got = try_get_page(page);
	model_submit = NULL;
	CHECK(got && page_count(page) == 3,
	      "a reference that another CPU was faster for is taken too");
}

static void test_bounds(void)
{
	struct page pages[5] = {[4] = {.count = 9, .generation = 9, .next = 9, .prev = 9}};

	machine_reset();
	CHECK(PANICS(page_map(MODEL_FRAMES, WINDOW_A)) && panic_says("no window"),
	      "the direct map ends in front of its end");
	zone_init(ZONE_HIGH, MODEL_HIGH_PFN, MODEL_HIGH_PFN + 4, pages);
	CHECK(pages[3].next == PFN_NONE && !pages[3].count && pages[4].next == 9,
	      "a zone has the struct pages of its frames, and no more");
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

/* --- the frames of a CPU --- */

static void fresh_steps(void)
{
	steps_reset();
	NAME_STEP(zones[ZONE_DIRECT].lock.owner, "zone");
	NAME_STEP(zones[ZONE_DIRECT].pcp[0].lock.owner, "own");
	NAME_STEP(zones[ZONE_DIRECT].pcp[1].lock.owner, "other");
}

#define OWN(inside) "R own; Xf own cmpxchg 1; " inside "Wr own=0"
#define ZONE	    "R zone; Xf zone cmpxchg 1; Wr zone=0; "

static void test_kept_locks(void)
{
	struct page *page[PCP_MOST + 1];

	fresh_steps();
	STEPS(page[0] = alloc_page(ZONE_DIRECT), OWN(ZONE),
	      "a CPU that keeps nothing takes from the zone");
	STEPS(put_page(page[0]), OWN(""), "what it frees it keeps");
	STEPS(alloc_page(ZONE_DIRECT), OWN(""), "and takes again, without the zone's lock");
	for (unsigned i = 0; i <= PCP_MOST; i++)
		page[i] = alloc_page(ZONE_DIRECT);
	for (unsigned i = 0; i < PCP_MOST; i++)
		STEPS(put_page(page[i]), OWN(""), "it keeps %u", i + 1);
	STEPS(put_page(page[PCP_MOST]), OWN(ZONE), "and not more");
	CHECK(zones[ZONE_DIRECT].free == page_to_pfn(page[0]), "the first goes to the zone");
	CHECK(alloc_page(ZONE_DIRECT) == page[PCP_MOST], "the last comes first");
}

static void test_kept_by_others(void)
{
	struct page *page, *mine = NULL, *again = NULL;
	u32 before;

	machine_reset();
	page = alloc_page(ZONE_DIRECT);
	before = zone_free_frames();
	AS_CPU(1, put_page(page));
	CHECK(zone_free_frames() == before + 1, "a frame that another CPU keeps is counted");
	CHECK(alloc_page(ZONE_DIRECT) != page, "it is not given to this one");
	AS_CPU(1, again = alloc_page(ZONE_DIRECT));
	CHECK(again == page, "but to the CPU that keeps it");
	AS_CPU(1, put_page(page));
	CHECK(alloc_page_at(page_to_pfn(page)) == page && page_count(page) == 1,
	      "and to whoever asks for that very frame");
	AS_CPU(1, put_page(page));
	get_page(page); /* as by a reader without a look at the count */
	CHECK(PANICS(put_page(page)) && panic_says("freed twice"),
	      "a frame that another CPU keeps is not freed again");

	machine_reset();
	page = alloc_page(ZONE_DIRECT);
	AS_CPU(1, put_page(page));
	while ((mine = alloc_page(ZONE_DIRECT)))
		again = mine;
	CHECK(again == page, "the last frame of all is taken back from the CPU that keeps it");
	CHECK(!alloc_page(ZONE_DIRECT) && zone_free_frames() == MODEL_FRAMES, "then none is left");
}

static void test_kept_rows(void)
{
	machine_reset();
	while (alloc_page(ZONE_DIRECT))
		;
	AS_CPU(1, put_page(pfn_to_page(8)));
	AS_CPU(2, put_page(pfn_to_page(9)));
	CHECK(!zones[ZONE_DIRECT].nr_free && row_is(alloc_pages(ZONE_DIRECT, 2), 8, 2),
	      "a row in pieces, of which two CPUs keep one each");
	put_page(pfn_to_page(9));
	put_page(pfn_to_page(8));
	pcp_drain_all();
	CHECK(zones[ZONE_DIRECT].nr_free == 2 && zones[ZONE_DIRECT].free == 8,
	      "given back, they are in the order in which they would have been taken");
}

static void test_kept_poison(void)
{
	struct page *page;

	machine_reset();
	page = alloc_page(ZONE_DIRECT);
	AS_CPU(1, put_page(page));
	fill(page, 0);
	CHECK(PANICS(AS_CPU(1, alloc_page(ZONE_DIRECT))) && panic_says("was written while free"),
	      "a write to a frame that a CPU keeps is seen when it is taken");
}

int main(void)
{
	test_zones();
	test_all();
	test_at();
	test_added();
	test_rows();
	test_zone_end();
	test_references();
	test_poison();
	test_owner();
	test_raced_reference();
	test_bounds();
	test_interrupts();
	test_kept_locks();
	test_kept_by_others();
	test_kept_rows();
	test_kept_poison();
	return tap_done();
}
