/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios with one tagged frame. They map it, warm a translation of it, and look
 * again later. One helper is for programs, and makes the mapping of a page. */
#pragma once

#include "tests/lab/lab.h"

/* Indices of v->value and v->flag. The value is the tag read, and the flag says the load did not
 * fault. */
enum {
	WARM,
	AFTER,
};

/*
 * Cells of a rule kept by a flush at a step of its own. Where flushes are broadcast (s390x),
 * clearing the entry flushes it. The step then has nothing left to do, and the rule rests on
 * invalidate_at_clear instead.
 */
#define BREAKS_UNLESS_BROADCAST(guard)                                                             \
	BREAKS(guard, IF(NEED_IPI_FLUSH)), MASKED(guard, "invalidate_at_clear", IF(NEED_BROADCAST))
#define CELLS_OF_A_FLUSH(guard)                                                                    \
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(guard),                                             \
	      BREAKS(invalidate_at_clear, IF(NEED_BROADCAST)))

/* Maps v->a, a tagged frame of the arena, at the tested address. */
static inline bool map_one_frame(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}

/* Makes an anonymous mapping of the page at the tested address, to be loaded from and stored to. */
static inline bool map_anonymous_page(struct variant *v)
{
	return !is_error(do_mmap(&v->mm, v->va, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

/* Makes an anonymous mapping of two pages from the tested address on. v->a is the first of them, as
 * after a store to it, and the mapping has its only reference. The second one is not touched. As it
 * is mapped, the table stays if the first one goes. */
static inline bool map_stored_page(struct variant *v)
{
	if (is_error(do_mmap(&v->mm, v->va, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		return false;
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	clear_page(page_map(page_to_pfn(v->a), WINDOW_A));
	return lab_map_anonymous(v, v->va, v->a, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
}

/* As map_one_frame(), with v->a above 4 GiB. v->decoy is the frame at its address modulo 4 GiB. */
static inline bool map_high_frame(struct variant *v)
{
	v->a = lab_high_frame(v, &v->decoy);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}

/* The mapping has the only reference, so the zap frees the frame. */
static inline bool map_unowned(struct variant *v)
{
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	put_page(v->a);
	return true;
}

/* Judges. Uses WINDOW_A of this CPU. */
static inline u32 first_word(pfn_t pfn)
{
	return READ_ONCE(*(const u32 *)page_map(pfn, WINDOW_A));
}

/* Judges. The first word of the page mapped at va, or 0 if there is none. */
static inline u32 mapped_word(struct variant *v, vaddr_t va)
{
	pte_t *ptep = pte_lookup(&v->mm, va);
	pte_t pte = ptep ? entry_read(ptep) : PTE_NONE;

	return entry_present(pte) ? first_word(entry_pfn(pte)) : 0;
}

static inline void load_warm(struct variant *v)
{
	v->flag[WARM] = lab_load_tag(v->va, &v->value[WARM]);
}

static inline void load_after(struct variant *v)
{
	race_point(role_probe);
	v->flag[AFTER] = lab_load_tag(v->va, &v->value[AFTER]);
}

static inline bool was_warm(const struct variant *v)
{
	return v->flag[WARM] && v->value[WARM] == lab_tag(page_to_pfn(v->a));
}

/* Returns whether role `reader` looked again after role `writer` had been at `point`, and still
 * found the old frame. */
static inline bool read_old_frame(struct variant *v, unsigned reader, unsigned writer,
				  enum race_point point)
{
	unsigned over = lab_when(writer, point, 1), probed = lab_when(reader, RACE_role_probe, 1);
	bool old = v->flag[AFTER] && v->value[AFTER] == lab_tag(page_to_pfn(v->a));

	v->outcome = !v->flag[AFTER] ? "fault" : old ? "old frame" : "new frame";
	if (!old || !over || probed < over)
		return false;
	v->outcome = "old frame, too late";
	return true;
}
