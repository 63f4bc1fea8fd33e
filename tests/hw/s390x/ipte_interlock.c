/* SPDX-License-Identifier: MIT */
/* IPTE sets one bit of an entry while another CPU counts in others of it, by COMPARE AND SWAP as
 * fast as it can. The entry is invalid all the time: nobody translates by it. An emulator may stop
 * all CPUs for an IPTE, so before the next one the counter is waited for. */
#include <asm/clock.h>

#include "tests/hw/slot.h"

#define IPTES	4000u
#define NS_MOST 500000000ull
#define ONE	(1ul << PAGE_SHIFT) /* of the counter, where a frame's number would be */
#define BATCH	256u		    /* updates between two looks at anything else */
#define MOVES	16u		    /* of the counter, each within so many looks: it runs now */
#define LOOKS	200u

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

static void count_one(struct variant *v)
{
	entry_t old = entry_read_atomic(v->ptep), seen;

	while (!entry_same(
		seen = entry_cmpxchg(v->ptep, old, entry_from_value(entry_value(old) + ONE)), old))
		old = seen;
	WRITE_ONCE(found.counted, found.counted + 1);
}

static void count(struct variant *v)
{
	struct lab_patience patience = {0};

	lab_meet(v);
	while (lab_go_on(&patience, &found.over, &found.iptes))
		for (unsigned n = 0; n < BATCH; n++)
			count_one(v);
	lab_meet(v);
}

/* The counter's CPU, at this moment: the host of an emulator may run one of them at a time. */
static bool is_running(void)
{
	u32 last = READ_ONCE(found.counted);

	for (unsigned moves = 0; moves < MOVES; moves++) {
		unsigned looks = 0;

		while (READ_ONCE(found.counted) == last && looks < LOOKS)
			looks++;
		if (looks == LOOKS)
			return false;
		last = READ_ONCE(found.counted);
	}
	return true;
}

static void invalidate(struct variant *v)
{
	u64 end = clock_ns() + NS_MOST;
	struct lab_patience patience = {0};

	lab_meet(v);
	while (found.iptes < IPTES && clock_ns() < end) {
		u32 before;

		while (!is_running() && lab_go_on(&patience, &found.over, &found.counted) &&
		       clock_ns() < end)
			;
		before = READ_ONCE(found.counted);
		ipte(v->ptep, v->va);
		found.overlaps += READ_ONCE(found.counted) != before;
		WRITE_ONCE(found.iptes, found.iptes + 1);
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
