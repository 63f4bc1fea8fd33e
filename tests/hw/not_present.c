/* SPDX-License-Identifier: MIT */
/* A load that faulted on an entry works as soon as the entry is present, with no flush in between.
 */
#include <asm/trap.h>

#include "tests/hw/slot.h"

#define RULE                                                                                       \
	"a not-present entry is not cached, so an entry that is made present is "                  \
	"used without a flush"
#define REFERENCE "Intel SDM vol. 3, 4.10.2.3 (no TLB entry without a present entry), 4.10.4.3"
#define ROUNDS	  8u /* because a meeting of CPUs may cost a time slice of the emulator's host */

enum {
	FAULTED, /* not-present faults of loads before */
	WORKED,	 /* loads after that, reaching the frame */
	SILENT,	 /* loads before, without the fault they must have */
};

static void load_must_fault(struct variant *v)
{
	struct fault fault;
	u32 tag;

	if (!try_load(v->va, &tag, &fault) && fault.address == v->va && !fault.cause)
		v->value[FAULTED]++;
	else
		v->value[SILENT]++;
}

static void load_must_work(struct variant *v)
{
	v->value[WORKED] += slot_reaches(v->va, v->a);
}

static void alone(struct variant *v)
{
	pte_t pte = lab_entry(v->a);

	for (unsigned round = 0; round < ROUNDS; round++) {
		slot_write(v->ptep, PTE_NONE);
		tlb_flush_page(v->va);
		load_must_fault(v);
		slot_write(v->ptep, pte);
		load_must_work(v);
	}
}

/* Between two CPUs the other one makes the entry present. */
static void change(struct variant *v)
{
	pte_t pte = lab_entry(v->a);
	bool go_on = true;

	for (unsigned round = 0; go_on && round < ROUNDS; round++) {
		slot_write(v->ptep, PTE_NONE);
		slot_flush(v);
		go_on = lab_meet(v) && lab_meet(v); /* the load faulted */
		slot_write(v->ptep, pte);
		go_on = go_on && lab_meet(v) && lab_meet(v); /* the load worked */
	}
}

static void load(struct variant *v)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (!lab_meet(v))
			return;
		load_must_fault(v);
		if (!lab_meet(v) || !lab_meet(v))
			return;
		load_must_work(v);
		if (!lab_meet(v))
			return;
	}
}

static enum verdict judge(struct variant *v)
{
	if (v->value[SILENT]) {
		lab_saw(v,
			"%u of %u loads through a cleared and flushed entry gave no not-present "
			"fault",
			v->value[SILENT], ROUNDS);
		return VIOLATED;
	}
	if (v->value[WORKED] != ROUNDS) {
		lab_saw(v, "%u of %u loads still failed after the entry was made present",
			ROUNDS - v->value[WORKED], ROUNDS);
		return VIOLATED;
	}
	lab_counted(v, v->value[FAULTED]);
	lab_evidence(v, "%u loads faulted, and as many worked once the entry was present",
		     v->value[FAULTED]);
	return HELD;
}

#define ROW(...)                                                                                   \
	{                                                                                          \
		.rule = RULE, .reference = REFERENCE, .mode = MODE_PROBE, CELLS(HOLDS()),          \
		.least = {AT_LEAST(ROUNDS, "loads that faulted before")}, .setup = slot_one_frame, \
		.judge = judge, __VA_ARGS__                                                        \
	}

SCENARIO(not_present) = ROW(.name = "hw/not-present", .roles = {{"cpu", alone}});
SCENARIO(not_present_remote) = ROW(.name = "hw/not-present-remote",
				   .roles = {{"loader", load}, {"writer", change}});
