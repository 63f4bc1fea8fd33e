/* SPDX-License-Identifier: MIT */
/* Shared by the scenarios with a table that goes away under a walker. The tested address has a
 * table of its own, already empty of mappings, and a writer unlinks and frees the table. */
#pragma once

#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

enum {
	WALKER,
	WRITER,
};

#define TABLE_SPAN ((vaddr_t)1 << PMD_SHIFT)

/* The numbers of v->value. */
enum {
	TABLE, /* the frame of the table */
	FOUND, /* pages returned by the walk */
};

static inline bool own_table(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	v->va += TABLE_SPAN;
	v->ptep = pte_alloc(&v->mm, v->va);
	if (!v->a || !v->ptep)
		return false;
	v->value[TABLE] = (pfn_t)(virt_to_phys(v->ptep) >> PAGE_SHIFT);
	return true;
}

static inline void free_table(struct variant *v)
{
	free_pgtables(&v->mm, v->va, v->va + TABLE_SPAN);
}

static inline void gup_in_table(struct variant *v)
{
	struct page *page;

	v->value[FOUND] = gup_fast(v->va, 1, FOLL_WRITE, &page);
	if (v->value[FOUND])
		put_page(page);
}
