/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios in which a page leaves its file while a mapping of it changes. */
#pragma once

#include "mm/fault/vm_fault.h"
#include "mm/table/pgtable.h"
#include "tests/space/file.h"

/* v->value. A scenario with more of them goes on from NR_TRUNCATED. */
enum {
	TRUNCATED, /* what file_truncate() returned */
	NR_TRUNCATED
};

/* As map_file(), with the page loaded once. */
static inline bool map_loaded_file(struct variant *v, unsigned pages, u32 type)
{
	const struct fault load = {.address = v->va, .cause = FAULT_USER};

	return map_file(v, pages, type) && handle_mm_fault(&v->mm, &load) == VM_FAULT_DONE;
}

static inline void truncate(struct variant *v)
{
	v->value[TRUNCATED] = (u32)file_truncate(v->files[0], 0);
}

/* Judges. Whether the truncation failed, or the file has a page all the same. */
static inline bool truncation_failed(struct variant *v)
{
	if (!v->value[TRUNCATED] && !v->files[0]->cache[0].page)
		return false;
	lab_saw(v, "the truncation returned %d, and the file %s", (int)v->value[TRUNCATED],
		v->files[0]->cache[0].page ? "has a page" : "is empty");
	return true;
}

/* Judges. */
static inline bool is_mapped(struct mm *mm, vaddr_t va)
{
	pte_t *ptep = pte_lookup(mm, va);

	return ptep && entry_present(entry_read(ptep));
}
