/* SPDX-License-Identifier: MIT */
/*
 * Each invalidating instruction must take effect on another CPU, which gets no interrupt. First a
 * plain store sets the invalid bit. The other CPU does not notice, so its next load proves a
 * translation in use. (The rest of the entry stays the same, because Hercules clears translations
 * by the frame.)
 */
#include "tests/hw/slot.h"

#include "mm/table/pgtable.h"

#define ROUNDS 2u

enum {
	LOADER,
	WRITER,
};

enum kind {
	PTLB_HERE,
	IDTE_OTHER,
	IPTE, /* this one and the rest must reach the other CPU's translation */
	IDTE_ENTRY,
	IDTE_SPACE,
	CSP,
	NR_KINDS
};
static const char *const kind_name[NR_KINDS] = {
	"PTLB on the other CPU", "IDTE of another ASCE", "IPTE",
	"IDTE of the segment",	 "IDTE of the ASCE",	 "CSP"};

static struct {
	u32 stale[NR_KINDS], after[NR_KINDS]; /* loads of the old frame, after the store and after
					       * the instruction */
	bool cold;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.cold = false};
	return slot_one_frame(v);
}

static void instruction(struct variant *v, enum kind kind)
{
	static u32 word;

	switch (kind) {
	case PTLB_HERE:
		tlb_flush_all();
		break;
	case IDTE_OTHER:
		tlb_flush_space(pgd_kernel());
		break;
	case IPTE:
		ptep_invalidate(v->ptep, v->va);
		break;
	case IDTE_ENTRY:
		pmdp_invalidate(pmd_lookup(&v->mm, v->va), v->va);
		break;
	case IDTE_SPACE:
		tlb_flush_space(mm_root(&v->mm));
		break;
	default:
		csp(&word);
		end_translation_block();
	}
}

/* Brings the other CPU to its load and behind it. */
static bool let_look(struct variant *v)
{
	return lab_meet(v) && lab_meet(v);
}

static void write(struct variant *v)
{
	pmd_t *pmdp = pmd_lookup(&v->mm, v->va), pmd = entry_read(pmdp);
	bool go_on = true;

	for (unsigned round = 0; go_on && round < ROUNDS * NR_KINDS; round++) {
		slot_write(v->ptep, lab_entry(v->a));
		slot_flush(v);
		go_on = let_look(v); /* the translation is in use */
		entry_write_word(v->ptep, PRESENT_WORD,
				 pte_mkinvalid(lab_entry(v->a)).word[PRESENT_WORD]);
		go_on = go_on && let_look(v);
		instruction(v, round % NR_KINDS);
		go_on = go_on && let_look(v);
		set_pte(pmdp, pmd);
	}
	slot_write(v->ptep, lab_entry(v->a)); /* v->a, because it has the reference */
	slot_flush(v);
}

static void load(struct variant *v)
{
	for (unsigned round = 0; round < ROUNDS * NR_KINDS; round++) {
		enum kind kind = round % NR_KINDS;

		if (!lab_meet(v))
			return;
		found.cold |= !slot_reaches(v->va, v->a);
		if (!let_look(v))
			return;
		found.stale[kind] += slot_reaches(v->va, v->a);
		if (!let_look(v))
			return;
		found.after[kind] += slot_reaches(v->va, v->a);
		if (!lab_meet(v))
			return;
	}
}

static enum verdict judge(struct variant *v)
{
	u32 least_stale = ROUNDS;

	for (unsigned kind = IPTE; kind < NR_KINDS; kind++) {
		if (found.after[kind]) {
			lab_saw(v, "after %s another CPU still used the old entry, %u times of %u",
				kind_name[kind], found.after[kind], ROUNDS);
			return VIOLATED;
		}
		if (found.stale[kind] < least_stale)
			least_stale = found.stale[kind];
	}
	if (found.cold)
		return NO_EVIDENCE;
	lab_counted(v, least_stale);
	lab_evidence(
		v,
		"after a plain store another CPU used the old entry, after IPTE, IDTE, CSP never; "
		"after PTLB here %u times of %u, after IDTE of another space %u times",
		found.after[PTLB_HERE], ROUNDS, found.after[IDTE_OTHER]);
	return HELD;
}

SCENARIO(broadcast) = {
	.name = "hw/broadcast",
	.rule = "after IPTE, IDTE or CSP no CPU uses a translation formed from the old "
		"entry",
	.reference = "Principles of Operation, chapter 10, IPTE, IDTE, CSP; chapter 3, TLB",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(1, "old entry in use before each of the instructions")},
	.roles = {{"loader", load}, {"writer", write}},
	CELLS(HOLDS(WITH(levels, two)), HOLDS(), HOLDS(WITH(levels, four)),
	      HOLDS(WITH(levels, five))),
	.setup = setup,
	.judge = judge,
};
