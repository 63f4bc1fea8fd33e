/* SPDX-License-Identifier: MIT */
/* Tests which translations a CPU's hardware still uses after a zap or a flush of a range, while
 * it is lazy, and once it has left the space. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include "mm/table/gather.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/shootdowns.h"
#include "tests/self/unit/tap.h"

/* A read-only translation in the TLB lets no store through, with any Dirty bit. */
static void test_rights(void)
{
	struct fault fault = {.cause = 0};
	bool loaded, stored;
	struct page *page;
	u32 value;

	new_machine(BIT(0));
	page = alloc_page(ZONE_DIRECT);
	assert(mm_establish(&mm, VA, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG | PTE_DIRTY)));
	loaded = try_load(VA, &value, &fault);
	stored = try_store(VA, 1, &fault);
	CHECK(loaded && !stored && fault.cause & FAULT_PROTECTION,
	      "a store through a read-only translation faults");
}

/* The CPU's hardware still uses its cached translation. A plain store does not change it. */
static void test_stale(void)
{
	pte_t pte;
	bool before = false, after = true;

	new_machine(BIT(0) | BIT(1));
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, before = model_load(VA, &pte));
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, after = model_load(VA, &pte));
	CHECK(before && !after, "after a zap no CPU's hardware finds the page");
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, before = model_load(VA, &pte));
	GUARD_OFF(shootdown);
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, after = model_load(VA, &pte));
	CHECK(before && after, "guard shootdown off: another CPU still does");
}

/* Returns which of four neighbouring pages CPU 1's hardware still finds, after all were taken away
 * and it flushed that range. */
static unsigned kept_by_flush(vaddr_t start, vaddr_t end)
{
	unsigned kept = 0;
	pte_t pte;

	new_machine(BIT(0) | BIT(1));
	for (unsigned i = 0; i < 4; i++)
		map_frame(&mm, VA + i * PAGE_SIZE, ZONE_DIRECT);
	for (unsigned i = 0; i < 4; i++) {
		AS_CPU(1, model_load(VA + i * PAGE_SIZE, &pte));
		set_pte(pte_lookup(&mm, VA + i * PAGE_SIZE), PTE_NONE);
	}
	AS_CPU(1, tlb_flush_range(start, end));
	for (unsigned i = 0; i < 4; i++)
		AS_CPU(1, kept |= model_load(VA + i * PAGE_SIZE, &pte) ? BIT(i) : 0);
	return kept;
}

/* Flushes every page of a range and no neighbour, so a flush too short or begun too late shows. */
static void test_flushed_range(void)
{
	for (unsigned from = 0; from < 4; from++)
		for (unsigned to = from + 1; to <= 4; to++)
			CHECK(kept_by_flush(VA + from * PAGE_SIZE, VA + to * PAGE_SIZE) ==
				      (15u & ~((BIT(to) - 1) & ~(BIT(from) - 1))),
			      "the model: a flush of pages %u to %u of 0 to 3 drops these, and no others",
			      from, to - 1);
	CHECK(!kept_by_flush(0, ~0ul), "and one of everything all");
}

static void test_lazy(void)
{
	pte_t pte;
	bool stale = false, found = true;

	new_machine(BIT(0) | BIT(1));
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, model_load(VA, &pte));
	AS_CPU(1, mm_lazy_enter());
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, stale = model_load(VA, &pte));
	CHECK(!asked(1) && stale, "a lazy CPU is left alone by a zap");
	free_pgtables(&mm, 0, 0x100);
	CHECK(asked(1) == 1 && flushed(1, 0, 0x100),
	      "but not by the freeing of tables, all that they map");
	map_frame(&mm, VA, ZONE_DIRECT);
	AS_CPU(1, model_load(VA, &pte));
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	AS_CPU(1, mm_lazy_exit());
	AS_CPU(1, found = model_load(VA, &pte));
	CHECK(!found, "no longer lazy: it has caught up");
	AS_CPU(1, mm_lazy_enter());
	CHECK(mm.cpu_attach_mask == (BIT(0) | BIT(1)) && mm.cpumask == BIT(0),
	      "lazy again, it is still attached");
	load_on(1, NULL);
	CHECK(mm.cpu_attach_mask == BIT(0), "until it loads another space");
}

static void test_switch(void)
{
	new_machine(BIT(0));
	load_on(3, &mm);
	CHECK(mm.cpumask == (BIT(0) | BIT(3)), "a CPU that loads the space joins its mask");
	load_on(3, NULL);
	CHECK(mm.cpumask == BIT(0), "and leaves it");
	CHECK(PANICS(mm_destroy(&mm)) && panic_says("cpu_attach_mask"),
	      "a space that some CPU has is not destroyed");
}

int main(void)
{
	test_rights();
	test_stale();
	test_flushed_range();
	test_lazy();
	test_switch();
	return tap_done();
}
