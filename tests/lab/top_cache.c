/* SPDX-License-Identifier: MIT */
/* Tries whether this machine keeps top-level entries in registers. */
#include "tests/lab/top_cache.h"

#include <asm/tlb.h>
#include <asm/trap.h>

#include "kernel/printk.h"
#include "mm/mm.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"

#define PROBED_VA ((vaddr_t)1 << PGDIR_SHIFT)

/* The entry is gone from memory, and the page's translation from the TLB. If the load still works,
 * the way to it came from a register. */
static bool works_without_entry(struct mm *mm)
{
	pgd_t *pgdp = pgd_offset_pgd(mm->pgd, PROBED_VA), old;
	struct fault fault;
	bool works;
	u32 word;

	mm_switch(mm);
	works = try_load(PROBED_VA, &word, &fault);
	assert(works);
	old = entry_get_and_clear(pgdp, ENTRY_NONE);
	tlb_flush_page(PROBED_VA);
	works = try_load(PROBED_VA, &word, &fault);
	set_pte(pgdp, old);
	mm_switch(NULL);
	return works;
}

static bool probe(void)
{
	static struct mm mm;
	struct page *page = alloc_page(ZONE_DIRECT);
	bool cached;

	if (!page || !mm_create(&mm) ||
	    !mm_establish(&mm, PROBED_VA, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG)))
		panic("out of memory before the probe for cached top-level entries");
	cached = works_without_entry(&mm);
	mm_destroy(&mm);
	return cached;
}

bool top_entries_cached(void)
{
	static bool looked, cached;

	if (!looked)
		cached = PREALLOCATED_PMDS && probe();
	looked = true;
	return cached;
}
