/* SPDX-License-Identifier: MIT */
/* Shared by the rows with hardware that sets the Dirty bit while an entry is taken or changed. */
#pragma once

#include <asm/trap.h>

#include "tests/lab/lab.h"

enum {
	STORER,
	WRITER,
};

/* The numbers of v->flag. */
enum {
	LOADED, /* the TLB had a clean translation */
	STORED, /* the store went through */
};

#define NEW_WORD 0x600df00du

/* Writable, accessed and clean, so the first store makes the hardware set Dirty. */
static inline bool map_clean(struct variant *v)
{
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	v->entry_a = mk_pte(page_to_pfn(v->a), PTE_USER | PTE_WRITE | PTE_YOUNG);
	lab_establish(v, v->entry_a);
	put_page(v->a); /* the mapping's reference stays */
	return true;
}

static inline void store_to_clean(struct variant *v)
{
	struct fault fault;
	u32 word;

	v->flag[LOADED] = try_load(v->va, &word, &fault); /* gets a clean translation */
	race_point(role_middle);
	v->flag[STORED] = try_store(v->va, NEW_WORD, &fault);
}

static const struct step store_while_taken[] = {
	STEP(STORER, role_middle, REACHED(WRITER, zap_taking_present)),
	STEP(WRITER, role_start, REACHED(STORER, role_middle)),
	STEP(WRITER, zap_taking_present, REACHED(STORER, role_done)),
};

/*
 * `taken` is the writer's point with the value taken out of the slot, and `how` says what the
 * writer did.
 */
static inline enum verdict judge_dirty(struct variant *v, enum race_point taken, const char *how)
{
	unsigned when = lab_when(WRITER, taken, 1);
	bool dirty = when && pte_dirty(entry_from_value(lab_value_at(when)));

	v->outcome = !v->flag[STORED] ? "the store faulted" : dirty ? "dirty" : "dirty lost";
	if (v->flag[STORED] && when && !dirty) {
		lab_saw(v,
			"CPU %u stored through the address, and %s as a clean one: the Dirty "
			"bit is lost",
			v->cpu[STORER], how);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[LOADED])
		return NO_EVIDENCE;
	lab_evidence(v, "the store came while the entry was being taken; it %s",
		     v->flag[STORED] ? "succeeded, and Dirty was kept" : "faulted");
	return HELD;
}
