/* SPDX-License-Identifier: MIT */
/*
 * What the scenarios share in which a TLB handler of ours reads an entry word by word, and somebody
 * changes it in between. Any RAM will do: the page is, or goes, in swap, at an offset whose upper
 * part stands in the half with the present bit, where in an entry the upper part of the frame's
 * number is. A mix of the two names a physical address at which there is nothing.
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

/* Of v->value: what the reader's one load came to. */
enum {
	TAG,
	CAUSE,
};

/* Of v->flag: */
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

/* Page out, as the zap does it, with a swap entry instead of none; the mapping's reference goes. */
static inline void refill_swap_out(struct variant *v)
{
	spin_lock(&v->mm.page_table_lock);
	entry_get_and_clear(v->ptep, mk_swap(SWAP_TYPE, SWAP_OFFSET));
	shootdown(&v->mm.cpumask, v->va, v->va + PAGE_SIZE);
	spin_unlock(&v->mm.page_table_lock);
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
