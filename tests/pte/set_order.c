/* SPDX-License-Identifier: MIT */
/* The reader here is the hardware, and its walker loads through the address while the writer stands
 * between the two stores of an establish. */
#include <asm/trap.h>

#include "tests/pte/high.h"

#define RULE	  "an establish writes the half with the present bit last"
#define REFERENCE "Linux native_set_pte() (PAE): high; smp_wmb; low. Intel SDM vol. 3, 4.10.2.3"

enum {
	READER,
	WRITER,
};

/* The numbers of v->value, with the result of the reader's one load. */
enum {
	TAG,
	CAUSE,
};

/* The numbers of v->flag. */
enum {
	LOADED, /* it did not fault */
};

static void load(struct variant *v)
{
	struct fault fault = {0, 0};

	race_point(role_probe);
	v->flag[LOADED] = try_load(v->va, &v->value[TAG], &fault);
	v->value[CAUSE] = fault.cause;
}

static void establish(struct variant *v)
{
	lab_establish(v, v->entry_a);
}

static const struct step load_between_the_stores[] = {
	STEP(READER, role_start, REACHED(WRITER, set_between_halves)),
	STEP(WRITER, set_between_halves, REACHED(READER, role_done)),
};

static enum verdict held(struct variant *v)
{
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	v->outcome = v->flag[LOADED] ? "the new frame" : "not present";
	lab_evidence(v,
		     "the reader's load came between the stores and found the entry not present");
	return HELD;
}

static enum verdict judge_tag(struct variant *v)
{
	if (v->flag[LOADED] && v->value[TAG] != lab_tag(page_to_pfn(v->a))) {
		lab_saw(v, "between the stores, CPU %u read tag 0x%x%s through the address",
			v->cpu[READER], v->value[TAG],
			v->value[TAG] == lab_tag(page_to_pfn(v->decoy)) ? ", the decoy's" : "");
		return VIOLATED;
	}
	return held(v);
}

SCENARIO(set_order_high) = {
	.name = "pte/set-order-high",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[READER] = {"reader", load}, [WRITER] = {"writer", establish}},
	.script = STEPS(load_between_the_stores),
	CELLS(HOLDS(), BREAKS(set_present_last), BREAKS(set_wmb, FROM(PSO))),
	.setup = high_frames,
	.judge = judge_tag,
};

/* Any RAM will do if the slot held a swap entry, because its high half has bits that are reserved
 * in a present entry. */
static bool swapped_out(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	v->entry_a = lab_entry(v->a);
	entry_write_word(v->ptep, OTHER_WORD, SWAP_OTHER_WORD);
	return true;
}

static enum verdict judge_cause(struct variant *v)
{
	if (!v->flag[LOADED] && v->value[CAUSE] & (FAULT_RESERVED | FAULT_PROTECTION)) {
		lab_saw(v,
			"between the stores, the hardware walker of CPU %u took swap bits for an "
			"address "
			"(fault cause 0x%x)",
			v->cpu[READER], v->value[CAUSE]);
		return VIOLATED;
	}
	return held(v);
}

SCENARIO(set_order) = {
	.name = "pte/set-order",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[READER] = {"reader", load}, [WRITER] = {"writer", establish}},
	.script = STEPS(load_between_the_stores),
	CELLS(HOLDS(), BREAKS(set_present_last), BREAKS(set_wmb, FROM(PSO))),
	.setup = swapped_out,
	.judge = judge_cause,
};
