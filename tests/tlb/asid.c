/* SPDX-License-Identifier: MIT */
/* Address-space numbers: a CPU that leaves a space leaves its translations in the TLB, under a
 * number. When is that number used again? Where a switch empties the TLB, never: a control. */
#include <asm/tlb.h>

#include "tests/lab/mapped.h"

enum {
	READER,
	WRITER,
};

/* --- the same space again, which was zapped meanwhile --- */

/* Out of the mask, the CPU is left alone by shootdowns. */
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
	.rule = "what a CPU translated before it left a space is out of use when it comes back",
	.reference = "MIPS32 volume III, EntryHi.ASID; Linux mips get_new_mmu_context(), drop_mmu_context()",
	.mode = MODE_CHOREO,
	.roles = {[READER] = {"reader", leave_and_return}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_while_away),
	CELLS(HOLDS(), BREAKS(asid_drop, IF(NEED_ASIDS))),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge_returned,
};

/* --- so many other spaces that the numbers begin again --- */

/* From one use of a number to the next there are as many loads of roots as there are numbers: 255
 * of 8 bits without 0, if one is kept for other things one less. */
#define SWITCHES_MIN 250u
#define SWITCHES_MAX 260u
/* Two numbers that differ in one bit alone, each of the lower ones. */
#define SWITCHES_BITS 8u

/* Of v->value, behind those of mapped.h: */
enum {
	WRONG_AFTER = AFTER + 1, /* so many switches; 0: no load was wrong */
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

/* The last of so many loads of the other root may find the number that the tested space had. No
 * look in between: it would push the translation out. */
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
	tlb_flush_all(); /* what the lab looks at next is none of this scenario's */
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
		     "after 1, 2, 4 to %u, and %u to %u switches each load came from its own space's frame",
		     1u << (SWITCHES_BITS - 1), SWITCHES_MIN, SWITCHES_MAX);
	return HELD;
}

SCENARIO(asid_rollover) = {
	.name = "tlb/asid-rollover",
	.rule = "a number of address spaces that is used again has no translations left",
	.reference = "MIPS32 volume III, EntryHi.ASID; Linux mips get_new_mmu_context(): local_flush_tlb_all() at the turn",
	.mode = MODE_PROBE,
	.roles = {{"switcher", switch_often}},
	CELLS(HOLDS(), BREAKS(rollover_flush, IF(NEED_ASIDS))),
	.tries = 8,
	.setup = two_spaces,
	.judge = judge_rolled,
};
