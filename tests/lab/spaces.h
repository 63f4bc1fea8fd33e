/* SPDX-License-Identifier: MIT */
/* The spaces of a variant and their page tables, for the code that looks at all of them. Call while
 * no CPU is inside an operation on them. So no lock is taken, and nothing is changed. */
#pragma once

#include "tests/lab/lab.h"

/* The variant's own space, and one for each role that can have one (process.h). */
#define SPACES_MOST (1u + MAX_ROLES)

/* Returns the variant's own space for 0, and the space of role n - 1 for n. Returns NULL if the
 * role has none, or none any more. */
struct mm *space_at(struct variant *v, unsigned n);

/* A part of one page table, [start, end). */
struct table_part {
	vaddr_t start, end;
	pte_t *ptep; /* the slot of start */
};

/* Goes on to the next page table with a part in [part->end, end), page-aligned. Returns false if
 * there is none. Begin with .end as the lowest address. There is none beyond user space. */
bool next_table(struct mm *mm, vaddr_t end, struct table_part *part);
