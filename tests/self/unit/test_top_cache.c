/* SPDX-License-Identifier: MIT */
/* tests/lab/top_cache.c: whether a way that is gone from memory still works tells where the
 * hardware keeps it. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

/* A CPU that keeps its top-level entries in registers: what loads keeps working, whatever memory
 * holds, until the root is loaded again. */
static bool keeps, always_refuses;
static unsigned loads;
static vaddr_t flushed;

static bool load(vaddr_t va, u32 *word, struct fault *fault)
{
	bool works = try_load(va, word, fault);

	if (!loads++ && works)
		CHECK(entry_same(*pte_lookup(this_cpu()->mm, va),
				 mk_pte(entry_pfn(*pte_lookup(this_cpu()->mm, va)),
					PTE_USER | PTE_YOUNG)),
		      "what is loaded through is as a user has it");
	return (works || (keeps && loads > 1)) && !always_refuses;
}

static void flush(vaddr_t va)
{
	flushed = va;
	CHECK(entry_none(*pgd_offset_pgd(this_cpu()->mm->pgd, va)), "gone before the flush");
	tlb_flush_page(va);
}

#define try_load       load
#define tlb_flush_page flush
#include "tests/lab/top_cache.c"
#undef tlb_flush_page
#undef try_load

static bool probed(void)
{
	u32 before;
	bool cached;

	machine_reset();
	before = zone_free_frames();
	loads = 0;
	flushed = 0;
	cached = probe();
	CHECK(loads == 2 && flushed == (vaddr_t)1 << PGDIR_SHIFT,
	      "one load through the entry, one without it");
	CHECK(!this_cpu()->mm && zone_free_frames() == before, "nothing is loaded or kept");
	return cached;
}

static void test_probe(void)
{
	keeps = false;
	CHECK(probed() == !!PREALLOCATED_PMDS,
	      "the model's hardware keeps them in registers or not");
	keeps = true;
	CHECK(probed(), "a way that is left came from a register");
	always_refuses = true;
	CHECK(PANICS(probed()), "a load that never works is no answer");
	always_refuses = false;
	machine_reset();
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(PANICS(probe()) && panic_says("out of memory before the probe"), "nor is no memory");
}

int main(void)
{
	if (!CAP_DYNAMIC_FOLDING) /* where the probed address may lie behind the end of a space */
		test_probe();
	machine_reset();
	loads = 0;
	CHECK(top_entries_cached() == !!PREALLOCATED_PMDS && loads == (PREALLOCATED_PMDS ? 2 : 0),
	      "only machines that make these tables with the space are asked");
	keeps = false;
	CHECK(top_entries_cached() == !!PREALLOCATED_PMDS && loads == (PREALLOCATED_PMDS ? 2 : 0),
	      "and they are asked once");
	return tap_done();
}
