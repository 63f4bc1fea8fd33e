/* SPDX-License-Identifier: MIT */
/* A store right behind IPTE: whoever sees it may rely on the invalidation, as the instruction was
 * over before. Rounds of one page, until one was used too long, or for a while; the two CPUs follow
 * each other by plain words, as a meeting of the lab takes longer than what is to be seen. */
#include <asm/clock.h>

#include "tests/hw/slot.h"

#define ROUNDS_MOST 20000u
#define NS_MOST	    500000000ull

enum {
	LOADER,
	WRITER,
};

static struct {
	u32 ready;   /* shared: the round whose entry is valid */
	u32 warm;    /* shared: whose translation the loader uses */
	u32 done;    /* shared: whose IPTE is over */
	u32 gone;    /* shared: in which the loader faulted */
	u32 looks;   /* shared: of the loader */
	bool over;   /* shared: the loader will do no more */
	bool ending; /* shared: nor the writer, after this round */
	u32 late;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.ready = 0};
	return slot_one_frame(v);
}

/* Nothing between the two: in one block of an emulator. */
static __noinline void invalidate_and_say(struct variant *v, u32 round)
{
	ipte(v->ptep, v->va);
	WRITE_ONCE(found.done, round);
}

static void write(struct variant *v)
{
	struct lab_patience patience = {0};

	for (u32 round = 1; !READ_ONCE(found.over); round++) {
		slot_write(v->ptep, lab_entry(v->a));
		WRITE_ONCE(found.ready, round);
		while (READ_ONCE(found.warm) != round &&
		       lab_go_on(&patience, &found.over, &found.looks))
			;
		for (u32 n = round % 32; n; n--)
			barrier();
		invalidate_and_say(v, round);
		while (READ_ONCE(found.gone) != round &&
		       lab_go_on(&patience, &found.over, &found.looks))
			;
	}
	slot_write(v->ptep, lab_entry(v->a)); /* it has a reference of its own */
	slot_flush(v);
}

/* Loads without end; each that began after `done` was seen must fault. */
static void look(struct variant *v, u32 round)
{
	bool reached;

	do {
		bool done = READ_ONCE(found.done) == round;

		reached = slot_reaches(v->va, v->a);
		found.late += done && reached;
		WRITE_ONCE(found.looks, found.looks + 1);
		if (reached)
			WRITE_ONCE(found.warm, round);
	} while (reached);
	WRITE_ONCE(found.gone, round);
}

static void load(struct variant *v)
{
	struct lab_patience patience = {0};
	u64 end = clock_ns() + NS_MOST;
	u32 round = 1;

	for (; !found.late && round <= ROUNDS_MOST && clock_ns() < end; round++) {
		while (READ_ONCE(found.ready) != round &&
		       lab_go_on(&patience, &found.ending, &found.ready))
			;
		look(v, round);
	}
	WRITE_ONCE(found.over, true);
}

static enum verdict judge(struct variant *v)
{
	if (found.late) {
		lab_saw(v,
			"in round %u a CPU saw the store behind IPTE, and then used the old entry "
			"%u times",
			found.gone, found.late);
		return VIOLATED;
	}
	lab_evidence(v,
		     "%u rounds, %u loads beside IPTE; none came through after the store behind it",
		     found.gone, found.looks);
	return HELD;
}

SCENARIO(ipte_done) = {
	.name = "hw/ipte-done",
	.rule = "a store behind IPTE is seen only after the invalidation has reached every CPU",
	.reference = "Principles of Operation, chapter 10, IPTE: serialization; the program is not "
		     "continued before the other CPUs have cleared",
	.mode = "probe",
	.finding = "F-031",
	.roles = {{"loader", load}, {"writer", write}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
