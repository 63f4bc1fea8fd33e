/* SPDX-License-Identifier: MIT */
/* A CPU that leaves a space keeps its translations in the TLB, under an address-space number, and
 * these rows test when this number is used again. If a switch empties the TLB, the row is a
 * control. */
#include <asm/tlb.h>

#include "tests/lab/mapped.h"

enum {
	READER,
	WRITER,
};

/* --- the same space again, zapped meanwhile --- */

/* Shootdowns leave the CPU alone while it is out of the mask. */
static void leave_and_return(struct variant *v)
{
	load_warm(v);
	mm_switch(NULL);
	race_point(role_middle);
	mm_switch(&v->mm);
	load_after(v);
}

static enum verdict judge_returned(struct variant *v)
{
	if (read_old_frame(v, READER, WRITER, RACE_zap_done)) {
		lab_saw(v, "CPU %u was away during the zap, came back, and still reads frame 0x%x",
			v->cpu[READER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u was away during the zap, came back, and faulted", v->cpu[READER]);
	return HELD;
}

static const struct step zap_while_away[] = {
	STEP(READER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(READER, role_middle)),
};

SCENARIO(asid) = {
	.name = "tlb/asid",
	.rule = "translations that a CPU made before it left a space are out of use "
		"when it comes back",
	.reference = "MIPS32 volume III, EntryHi.ASID; Linux mips get_new_mmu_context(), "
		     "drop_mmu_context()",
	.mode = MODE_CHOREO,
	.roles = {[READER] = {"reader", leave_and_return}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_while_away),
	CELLS(HOLDS(), BREAKS(asid_drop, IF(NEED_ASIDS))),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge_returned,
};

/* --- so many other spaces that the numbers begin again --- */

/* From one use of a number to the next there are as many loads of roots as there are numbers. 8
 * bits without 0 give 255, or one less if one is kept for other things. */
#define SWITCHES_MIN 250u
#define SWITCHES_MAX 260u
/* Pairs of numbers different in only one bit, for each of the lower bits. */
#define SWITCHES_BITS 8u

/* The numbers of v->value, behind those of mapped.h. */
enum {
	WRONG_AFTER = AFTER + 1, /* switches before a wrong load, or 0 if there was none */
};

/* Another space, with another frame at the same address. */
static struct mm other;

static bool two_spaces(struct variant *v)
{
	v->b = lab_frame(v, ZONE_DIRECT);
	if (!v->b || !mm_create(&other))
		return false;
	get_page(v->b);
	return mm_establish(&other, v->va, lab_entry(v->b)) && map_one_frame(v);
}

/* The last of so many loads of the other root may use the number of the tested space. There is no
 * look in between, because it would push the translation out. */
static bool finds_its_own(struct variant *v, unsigned switches)
{
	u32 tag;

	mm_switch(&v->mm);
	load_warm(v);
	if (!was_warm(v))
		return false;
	for (unsigned i = 0; i < switches; i++)
		mm_switch(&other);
	return lab_load_tag(v->va, &tag) && tag == lab_tag(page_to_pfn(v->b));
}

static void switch_often(struct variant *v)
{
	for (unsigned bit = 0; bit < SWITCHES_BITS && !v->value[WRONG_AFTER]; bit++)
		if (!finds_its_own(v, 1u << bit))
			v->value[WRONG_AFTER] = 1u << bit;
	for (unsigned n = SWITCHES_MIN; n <= SWITCHES_MAX && !v->value[WRONG_AFTER]; n++)
		if (!finds_its_own(v, n))
			v->value[WRONG_AFTER] = n;
	mm_switch(&v->mm);
	tlb_flush_all(); /* the lab's next look must not see any of this row's */
	mm_destroy(&other);
}

static enum verdict judge_rolled(struct variant *v)
{
	if (v->value[WRONG_AFTER]) {
		lab_saw(v, "after %u switches a space found %s at its address",
			v->value[WRONG_AFTER],
			was_warm(v) ? "the other one's frame" : "the other one's frame, or none,");
		return VIOLATED;
	}
	lab_evidence(v,
		     "after 1, 2, 4 to %u, and %u to %u switches each load came from its own "
		     "space's frame",
		     1u << (SWITCHES_BITS - 1), SWITCHES_MIN, SWITCHES_MAX);
	return HELD;
}

SCENARIO(asid_rollover) = {
	.name = "tlb/asid-rollover",
	.rule = "an ASID that is used again has no translations left",
	.reference = "MIPS32 volume III, EntryHi.ASID; Linux mips get_new_mmu_context(): "
		     "local_flush_tlb_all() at the turn",
	.mode = MODE_PROBE,
	.roles = {{"switcher", switch_often}},
	CELLS(HOLDS(), BREAKS(rollover_flush, IF(NEED_ASIDS))),
	.tries = 8,
	.setup = two_spaces,
	.judge = judge_rolled,
};
