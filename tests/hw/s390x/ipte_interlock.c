/* SPDX-License-Identifier: MIT */
/* IPTE sets one bit of an entry while another CPU counts in others of it, by COMPARE AND SWAP. The
 * entry is invalid all the time: nobody translates by it. */
#include <asm/clock.h>

#include "tests/hw/slot.h"

#define IPTES	4000u
#define NS_MOST 500000000ull
#define ONE	(1ul << PAGE_SHIFT) /* of the counter, where a frame's number would be */

enum {
	COUNTER,
	WRITER,
};

static struct {
	u32 iptes;   /* shared */
	u32 counted; /* shared */
	bool over;   /* shared: the writer has done */
	u32 overlaps;
	u64 end;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.counted = 0};
	entry_write_word(v->ptep, 0, PTE_NONE.word[0]);
	return true;
}

static void count(struct variant *v)
{
	struct lab_patience patience = {0};

	lab_meet(v);
	while (lab_go_on(&patience, &found.over, &found.iptes)) {
		entry_t old = entry_read_atomic(v->ptep), seen;

		while (!entry_same(seen = entry_cmpxchg(v->ptep, old,
							entry_from_value(entry_value(old) + ONE)),
				   old))
			old = seen;
		WRITE_ONCE(found.counted, found.counted + 1);
	}
	lab_meet(v);
}

static void invalidate(struct variant *v)
{
	u64 end = clock_ns() + NS_MOST;
	u32 last = 0;

	lab_meet(v);
	while (found.iptes < IPTES && clock_ns() < end) {
		u32 now = READ_ONCE(found.counted);

		ipte(v->ptep, v->va);
		WRITE_ONCE(found.iptes, found.iptes + 1);
		found.overlaps += now != last;
		last = now;
	}
	WRITE_ONCE(found.over, true);
	lab_meet(v);
	found.end = entry_value(entry_read_atomic(v->ptep));
	entry_write_word(v->ptep, 0, PTE_NONE.word[0]);
}

static enum verdict judge(struct variant *v)
{
	u64 expected = found.counted * ONE | PTE_NONE.word[0];

	if (found.end != expected) {
		lab_saw(v, "%u updates by CSG beside %u IPTEs: %u of them are lost", found.counted,
			found.iptes, (u32)(found.counted - found.end / ONE));
		return VIOLATED;
	}
	if (!found.overlaps) {
		lab_saw(v, "no overlap in %u IPTEs", found.iptes);
		return NO_OVERLAP;
	}
	lab_evidence(v, "%u updates by CSG, %u IPTEs, %u of them amidst: none lost", found.counted,
		     found.iptes, found.overlaps);
	return HELD;
}

SCENARIO(ipte_interlock) = {
	.name = "hw/ipte-interlock",
	.rule = "IPTE's update of the entry is interlocked with COMPARE AND SWAP of other CPUs",
	.reference = "Principles of Operation, chapter 10, IPTE; chapter 5, interlocked update",
	.mode = "probe",
	.finding = "F-032",
	.roles = {{"counter", count}, {"writer", invalidate}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
