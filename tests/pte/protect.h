/* SPDX-License-Identifier: MIT */
/* What the rows share in which a page is write-protected while, and after, a CPU stores to it. */
#pragma once

#include <asm/trap.h>

#include "tests/lab/lab.h"

enum {
	STORER,
	WRITER,
};

/* Of v->flag: */
enum {
	STORED,	      /* the first store went through, which it may */
	STORED_AFTER, /* the second one did */
};

#define NEW_WORD 0x600df00du

/* Writable; the mapping has the only reference, because the frame's contents change. */
static inline bool map_writable(struct variant *v, u32 marks)
{
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, mk_pte(page_to_pfn(v->a), PTE_USER | PTE_WRITE | PTE_YOUNG | marks));
	put_page(v->a);
	return true;
}

static inline bool map_writable_clean(struct variant *v)
{
	return map_writable(v, 0);
}

static inline bool map_writable_dirty(struct variant *v)
{
	return map_writable(v, PTE_DIRTY);
}

static inline void store_twice(struct variant *v)
{
	struct fault fault;

	v->flag[STORED] = try_store(v->va, NEW_WORD, &fault);
	race_point(role_middle);
	race_point(role_probe);
	v->flag[STORED_AFTER] = try_store(v->va, ~NEW_WORD, &fault);
}

static inline void wrprotect(struct variant *v)
{
	protect_page_range(&v->mm, v->va, v->va + PAGE_SIZE, PTE_USER);
}

/* Whether the second store began after the page had been write-protected, and went through. */
static inline bool stored_too_late(struct variant *v)
{
	unsigned over = lab_when(WRITER, RACE_protect_done, 1),
		 probed = lab_when(STORER, RACE_role_probe, 1);

	v->outcome = v->flag[STORED_AFTER] ? "stored" : "refused";
	if (!v->flag[STORED_AFTER] || !over || probed < over)
		return false;
	v->outcome = "stored, too late";
	lab_saw(v, "the page was write-protected, and CPU %u could still store to it",
		v->cpu[STORER]);
	return true;
}
