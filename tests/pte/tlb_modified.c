/* SPDX-License-Identifier: MIT */
/* A handler marks an entry accessed or modified by changing two words, one after the other and
 * without the page-table lock. */
#include <asm/trap.h>

#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

enum {
	STORER,
	WRITER,
};

/* The numbers of v->flag, for stores that went through. */
enum {
	BY_STORER,
	BY_WRITER,
};

#define NEW_WORD 0x600df00du

/* Writable, accessed and clean, so the first store brings the handler. Its contents change, so only
 * the mapping owns it. */
static bool mapped_clean(struct variant *v)
{
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, mk_pte(page_to_pfn(v->a), PTE_USER | PTE_WRITE | PTE_YOUNG));
	put_page(v->a);
	return true;
}

static void store(struct variant *v)
{
	struct fault fault;

	v->flag[BY_STORER] = try_store(v->va, NEW_WORD, &fault);
}

/* --- the clear comes between the two marks --- */

static enum verdict judge_resurrected(struct variant *v)
{
	entry_t left = entry_read(v->ptep);

	v->outcome = entry_none(left) ? "cleared" : "revived";
	if (!entry_none(left)) {
		lab_saw(v, "the zap took the entry, and the slot holds 0x%llx: %s of frame 0x%x",
			(unsigned long long)entry_value(left), "the marks, and an address",
			entry_pfn(left));
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the entry was cleared between the handler's two changes; it left the "
			"second one");
	return HELD;
}

static const struct step zap_between_the_marks[] = {
	STEP(STORER, touch_between_halves, REACHED(WRITER, clear_done)),
	STEP(WRITER, role_start, REACHED(STORER, touch_between_halves)),
};

SCENARIO(tlbmod_resurrect) = {
	.name = "pte/tlbmod-resurrect",
	.rule = "a TLB handler does not write into a half that was cleared since it was read",
	.reference = "Linux mips iPTE_SW(): two LL/SC, each for itself, the second by OR",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[STORER] = {"storer", store}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_between_the_marks),
	CELLS(HOLDS(), BREAKS(tlbmod_recheck)),
	.setup = mapped_clean,
	.judge = judge_resurrected,
};

/* --- another CPU stores between the two marks, and takes the entry --- */

static void store_and_zap(struct variant *v)
{
	struct fault fault;

	v->flag[BY_WRITER] = try_store(v->va, NEW_WORD, &fault);
	race_point(role_middle);
	lab_zap(v);
}

static enum verdict judge_dirty(struct variant *v)
{
	unsigned cleared = lab_when(WRITER, RACE_clear_done, 1);
	bool dirty = cleared && pte_dirty(entry_from_value(lab_value_at(cleared)));

	v->outcome = !v->flag[BY_WRITER] ? "the store faulted" : dirty ? "dirty" : "dirty lost";
	if (v->flag[BY_WRITER] && cleared && !dirty) {
		lab_saw(v,
			"CPU %u stored through the address, and the zap that followed took a clean "
			"entry",
			v->cpu[WRITER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[BY_WRITER])
		return NO_EVIDENCE;
	lab_evidence(v, "a store and a zap came between the handler's two changes; the zap took "
			"a dirty entry");
	return HELD;
}

static const struct step store_between_the_marks[] = {
	STEP(STORER, touch_between_halves, REACHED(WRITER, clear_done)),
	STEP(WRITER, role_start, REACHED(STORER, touch_between_halves)),
};

SCENARIO(mkwrite_halves) = {
	.name = "pte/mkwrite-halves",
	.rule = "the half that walkers test is marked modified before the TLB lets a "
		"store through",
	.reference = "Linux mips pte_modify(), set_pte(): high, with the hardware's dirty bit, "
		     "first",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[STORER] = {"storer", store}, [WRITER] = {"writer", store_and_zap}},
	.script = STEPS(store_between_the_marks),
	CELLS(HOLDS(), BREAKS(mkwrite_order)),
	.setup = mapped_clean,
	.judge = judge_dirty,
};
