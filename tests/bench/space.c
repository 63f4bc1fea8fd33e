/* SPDX-License-Identifier: MIT */
/* The pages of the benchmarks. */
#include "mm/table/pgtable.h"
#include "tests/bench/bench.h"

bool bench_map(struct mm *mm, unsigned pages, enum zone_id zone)
{
	const u32 prot = PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY;

	for (unsigned i = 0; i < pages; i++) {
		struct page *page = alloc_page(zone);
		vaddr_t va = BENCH_VA + i * PAGE_SIZE;

		if (!page)
			return false;
		if (!mm_establish(mm, va, mk_pte(page_to_pfn(page), prot))) {
			put_page(page);
			return false;
		}
	}
	return true;
}
