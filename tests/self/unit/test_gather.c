/* SPDX-License-Identifier: MIT */
/* Tests mm/table/gather.c, with the flushes of a zap and the moment when frames and tables are
 * given back. */
#include "mm/table/gather.h"

#include "kernel/hooks/race.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/shootdowns.h"
#include "tests/self/unit/tap.h"

/* The state while a zap waits for its acks, and when it releases. */
static struct page *zapped;
static struct {
	u32 count;
	bool entry_gone, locked, flushed;
} when_sent, when_released;
static unsigned releases;

static void zap_hook(const struct race_site *site, u64 value)
{
	if (site->point == RACE_shootdown_sent) {
		when_sent.count = page_count(zapped);
		when_sent.entry_gone = entry_none(*pte_lookup(&mm, VA));
	} else if (site->point == RACE_gather_released && value) {
		when_released.flushed = model_flushes[1].count;
		when_released.count = page_count(zapped);
		when_released.locked = spin_owner(pte_lockptr(pte_lookup(&mm, VA))) == BIT(0);
		releases++;
	}
}

static void zap_watched(void)
{
	zapped = map_frame(&mm, VA, ZONE_HIGH);
	releases = 0;
	race_hook = zap_hook;
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
}

static void test_zap_order(void)
{
	new_machine(BIT(0) | BIT(1));
	zap_watched();
	CHECK(when_sent.entry_gone && when_sent.count == 1,
	      "the shootdown finds the entry gone, the frame held");
	CHECK(when_released.flushed && !when_released.count,
	      "the frame is released after the other CPU's flush");
	CHECK(when_released.locked && !spin_owner(pte_lockptr(pte_lookup(&mm, VA))),
	      "and before the table's lock drops");
	CHECK(flushed(0, VA, VA + PAGE_SIZE) && flushed(1, VA, VA + PAGE_SIZE),
	      "one page is flushed");

	new_machine(BIT(0) | BIT(1));
	GUARD_OFF(flush_before_free);
	zap_watched();
	CHECK(!when_released.flushed && !when_sent.count, "flush_before_free off: released first");
	new_machine(BIT(0) | BIT(1));
	CHOOSE(zap_flush, after_unlock);
	zap_watched();
	CHECK(!when_released.locked, "zap_flush=after_unlock: released without the lock");
}

/* Each table is cleared and flushed under a lock of its own. */
static void test_two_tables(void)
{
	unsigned nr = PTRS_PER_PTE + 2;

	new_machine(BIT(0) | BIT(1));
	for (unsigned i = 0; i < nr; i++)
		zapped = map_frame(&mm, i * PAGE_SIZE, i & 1 ? ZONE_HIGH : ZONE_DIRECT);
	releases = 0;
	race_hook = zap_hook;
	zap_page_range(&mm, 0, nr * PAGE_SIZE);
	CHECK(asked(1) == 2 && releases == 2, "two tables: two shootdowns, two releases");
	CHECK(flushed(0, PTRS_PER_PTE * PAGE_SIZE, nr * PAGE_SIZE) &&
		      flushed(1, PTRS_PER_PTE * PAGE_SIZE, nr * PAGE_SIZE),
	      "the second flushes its own pages only");
	race_hook = NULL;
	zap_page_range(&mm, 0, user_end(mm.pgd));
	CHECK(asked(1) == 2, "an empty zap asks nobody");
	load_on(0, NULL);
	load_on(1, NULL);
	mm_destroy(&mm);
	CHECK(zone_free_frames() == 2 * MODEL_FRAMES - 1, "every frame is back");
}

static void test_overflow(void)
{
	struct tlb_gather tlb;

	new_machine(BIT(0) | BIT(1));
	releases = 0;
	zapped = map_frame(&mm, VA, ZONE_DIRECT);
	race_hook = zap_hook;
	gather_begin(&tlb, &mm, false);
	for (unsigned i = 0; i < GATHER_PAGES + 4; i++) {
		gather_range(&tlb, VA + i * PAGE_SIZE, VA + (i + 1) * PAGE_SIZE);
		gather_page(&tlb, alloc_page(ZONE_DIRECT));
	}
	gather_finish(&tlb);
	CHECK(asked(1) == 2 && releases == 2,
	      "more than a gather holds: two shootdowns, two releases");
	CHECK(flushed(1, VA + GATHER_PAGES * PAGE_SIZE, VA + (GATHER_PAGES + 4) * PAGE_SIZE),
	      "the second flushes the rest only");
}

/* With more tables than a gather holds, each of their flushes reaches the lazy CPU. */
static void test_table_overflow(void)
{
	struct tlb_gather tlb;

	new_machine(BIT(0) | BIT(1));
	AS_CPU(1, mm_lazy_enter());
	gather_begin(&tlb, &mm, true);
	for (unsigned i = 0; i < GATHER_PAGES + 4; i++) {
		gather_range(&tlb, VA, VA + PAGE_SIZE);
		gather_page(&tlb, alloc_page(ZONE_DIRECT));
	}
	gather_finish(&tlb);
	CHECK(asked(1) == 2, "two gathers of tables: a lazy CPU flushes for both");
}

/* A swap entry has no frame, and no TLB has it. */
static void test_zap_swap(void)
{
	struct page *page;

	new_machine(BIT(0) | BIT(1));
	page = new_frame(ZONE_DIRECT);
	assert(mm_establish(&mm, VA, mk_swap(1, page_to_pfn(page))));
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	CHECK(page_count(page) == 1 && entry_none(*pte_lookup(&mm, VA)),
	      "a swap entry is zapped, and no frame is given back");
	CHECK(!asked(1), "nor is anybody asked to flush");
}

/* Returns the number of calls made by freeing a table. */
static unsigned calls_of_free(enum value_id value)
{
	new_machine(BIT(0) | BIT(1));
	CHOOSE(flush, nowait);
	choice_value[CHOICE_table_free] = (u8)value;
	map_frame(&mm, VA, ZONE_DIRECT);
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	free_pgtables(&mm, 0, 0x100);
	return model_ipis[1][IPI_CALL];
}

static void test_table_free(void)
{
	CHECK(calls_of_free(VALUE_table_free_ipi) == 1, "table_free=ipi: an empty call");
	CHECK(!calls_of_free(VALUE_table_free_grace), "table_free=grace: none");
}

static void test_tables_in_use(void)
{
	new_machine(BIT(0));
	map_frame(&mm, VA, ZONE_DIRECT);
	CHECK(PANICS(free_pgtables(&mm, 0, 0x100)) && panic_says("free_pgtables: the slot of 0x"),
	      "a table that still maps a page is not freed: address and entry are named");
	new_machine(BIT(0));
	assert(mm_establish(&mm, 0x100 - PAGE_SIZE, mk_swap(1, 2)));
	CHECK(PANICS(free_pgtables(&mm, 0, 0x100)) && panic_says("free_pgtables: the slot of 0xc0"),
	      "nor one whose last slot says where a page is in swap");
}

int main(void)
{
	test_zap_order();
	test_two_tables();
	test_overflow();
	test_table_overflow();
	test_zap_swap();
	test_table_free();
	test_tables_in_use();
	return tap_done();
}
