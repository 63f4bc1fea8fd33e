/* SPDX-License-Identifier: MIT */
/* Entries are changed without lock, flush or race points. These rows test the machine, not the
 * protocol. */
#pragma once

#include <asm/barrier.h>
#include <asm/tlb.h>

#include "kernel/smp/smp_call.h"
#include "tests/lab/lab.h"

/*
 * The present half goes away first and comes back last, because the CPU may read the entry at any
 * time.
 */
static inline void slot_write(pte_t *ptep, pte_t pte)
{
	entry_write_word(ptep, PRESENT_WORD, PTE_NONE.word[PRESENT_WORD]);
	smp_wmb();
	for (unsigned i = 0; i < ENTRY_WORDS; i++)
		if (i != PRESENT_WORD)
			entry_write_word(ptep, i, pte.word[i]);
	smp_wmb();
	entry_write_word(ptep, PRESENT_WORD, pte.word[PRESENT_WORD]);
}

static inline void slot_flush_here(void *v)
{
	tlb_flush_page(((struct variant *)v)->va);
}

/*
 * Flushes the tested address on every CPU with a role. By a plain call, so no guard is on the way.
 */
static inline void slot_flush(struct variant *v)
{
	call_cpus(READ_ONCE(v->mm.cpumask), slot_flush_here, v);
}

/* Returns true if the address leads the hardware to this frame of the lab. */
static inline bool slot_reaches(vaddr_t va, struct page *page)
{
	u32 tag;

	return lab_load_tag(va, &tag) && tag == lab_tag(page_to_pfn(page));
}

/* Maps one frame of the lab at the tested address. */
static inline bool slot_one_frame(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}
