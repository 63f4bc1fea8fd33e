/* SPDX-License-Identifier: MIT */
/*
 * Shared by the rows that free the frame between the walker's read of the entry and its reference.
 */
#pragma once

#include "mm/gup/gup.h"
#include "tests/lab/mapped.h"

enum {
	WALKER,
	WRITER,
};

/* The numbers of v->value. */
enum {
	FOUND, /* pages returned by gup_fast */
	OWNED, /* the frame got another owner meanwhile */
};

static inline void gup_one(struct variant *v)
{
	struct page *page;

	v->value[FOUND] = gup_fast(v->va, 1, FOLL_WRITE, &page);
	race_point(role_middle);
	if (v->value[FOUND])
		put_page(page);
}

static const struct step reuse_before_the_reference[] = {
	STEP(WALKER, pte_read_done, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_read_done)),
	STEP(WRITER, role_middle, REACHED(WALKER, role_middle)),
};

#define SYNC   WITH(flush, sync)
#define NOWAIT WITH(flush, nowait), WITH(entry_sync, none)
