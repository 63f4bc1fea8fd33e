/* SPDX-License-Identifier: MIT */
/*
 * Shared by the scenarios in which a TLB handler of ours reads an entry word by word, and it
 * changes in between. Any RAM will do. The page is in swap, or goes there, at an offset with an
 * upper part in the half with the present bit. An entry has the upper part of the frame's number
 * there. A mix of the two names a physical address without memory.
 */
#pragma once

#include <asm/trap.h>

#include "kernel/smp/shootdown.h"
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

enum {
	READER,
	WRITER,
};

/* The numbers of v->value, with the result of the reader's one load. */
enum {
	TAG,
	CAUSE,
};

/* The numbers of v->flag. */
enum {
	LOADED, /* it did not fault */
};

#define SWAP_TYPE   1u
#define SWAP_OFFSET 0x0f000123u

static inline void refill_load(struct variant *v)
{
	struct fault fault = {0, 0};

	race_point(role_probe);
	v->flag[LOADED] = try_load(v->va, &v->value[TAG], &fault);
	v->value[CAUSE] = fault.cause;
}

/* Pages out as the zap does, with a swap entry instead of none. The mapping's reference goes. */
static inline void refill_swap_out(struct variant *v)
{
	pte_lock(v->ptep);
	entry_get_and_clear(v->ptep, mk_swap(SWAP_TYPE, SWAP_OFFSET));
	shootdown(&v->mm.cpumask, v->va, v->va + PAGE_SIZE);
	pte_unlock(v->ptep);
	put_page(v->a);
}

static inline bool refill_read(const struct variant *v, struct page *page)
{
	return v->flag[LOADED] && v->value[TAG] == lab_tag(page_to_pfn(page));
}

/* The load reached neither the frame nor an orderly fault. */
static inline bool refill_strayed(struct variant *v, struct page *page)
{
	bool orderly = v->flag[LOADED] ? refill_read(v, page) : !(v->value[CAUSE] & FAULT_RESERVED);

	v->outcome = refill_read(v, page) ? "its frame" : orderly ? "not present" : "astray";
	if (orderly)
		return false;
	lab_saw(v, "the TLB of CPU %u got the halves of two values: the load %s (fault cause 0x%x)",
		v->cpu[READER], v->flag[LOADED] ? "read another frame" : "went where nothing is",
		v->value[CAUSE]);
	return true;
}
