/* SPDX-License-Identifier: MIT */
/* Two CPUs count up both halves of one 64-bit object by compare-exchange, and neither a count nor a
 * half of one is lost. */
#include "tests/hw/count.h"

#define COUNTS 10000u /* of each CPU in each round */
#define TRIES  1000000u /* refusals in a row, far more than the other's counts altogether */
#define LEAST  20u	/* meetings of the CPUs, because fewer may lose nothing by chance */
#define ROUNDS 4u
#define ROLES  2u

static entry_t counter; /* shared; both halves equal */

static struct {
	u32 met;     /* times with counts of the other CPU between two of this one */
	u32 refused; /* compare-exchanges refused because of one */
	u32 torn;    /* values with different halves, and the last one */
	entry_t last;
} __aligned(64) found[ROLES];

static bool setup(struct variant *v)
{
	(void)v;
	counter = ENTRY_NONE;
	for (unsigned role = 0; role < ROLES; role++)
		found[role] = (typeof(found[0])){.met = 0};
	return true;
}

static void check(unsigned role, entry_t e)
{
	if (e.word[PRESENT_WORD] == e.word[OTHER_WORD])
		return;
	found[role].torn++;
	found[role].last = e;
}

static u32 count_once(unsigned role, unsigned n)
{
	entry_t seen = entry_read_atomic(&counter), old, next;

	(void)n;
	check(role, seen);
	for (unsigned try = 0; try < TRIES; try++) {
		old = seen;
		next = (entry_t){{old.word[PRESENT_WORD] + 1, old.word[OTHER_WORD] + 1}};
		seen = entry_cmpxchg(&counter, old, next);
		check(role, seen);
		if (entry_same(seen, old))
			break; /* a count is missing at the end, for the judge to find */
		found[role].refused++;
	}
	return next.word[PRESENT_WORD];
}

static void count_0(struct variant *v)
{
	found[0].met = count_up(v, 0, ROUNDS, LEAST, COUNTS, count_once);
}

static void count_1(struct variant *v)
{
	found[1].met = count_up(v, 1, ROUNDS, LEAST, COUNTS, count_once);
}

static enum verdict judge(struct variant *v)
{
	u32 counts = ROLES * v->value[COUNT_ROUNDS] * COUNTS;

	for (unsigned role = 0; role < ROLES; role++)
		if (found[role].torn) {
			lab_saw(v, "CPU %u saw %u values with different halves; the last 0x%llx",
				v->cpu[role], found[role].torn,
				(unsigned long long)entry_value(found[role].last));
			return VIOLATED;
		}
	if (counter.word[PRESENT_WORD] != counts ||
	    counter.word[OTHER_WORD] != counter.word[PRESENT_WORD]) {
		lab_saw(v, "after %u counts the object is 0x%llx", counts,
			(unsigned long long)entry_value(counter));
		return VIOLATED;
	}
	lab_counted(v, found[0].met + found[1].met);
	lab_evidence(v,
		     "%u counts, all there; %u times another CPU's came in between, %u exchanges "
		     "refused",
		     counts, found[0].met + found[1].met,
		     found[0].refused + found[1].refused);
	return HELD;
}

SCENARIO(cmpxchg8b) = {
	.name = "hw/cmpxchg8b",
	.rule = "a locked 64-bit compare-exchange is one access, so no update is lost "
		"and no value is mixed",
	.reference =
		"Intel SDM vol. 3, 9.1.2.2 (software-controlled bus locking); vol. 2, CMPXCHG8B",
	.mode = MODE_PROBE,
	.least = {AT_LEAST_MET(LEAST, "times that another CPU's count came in between")},
	.roles = {{"counts", count_0}, {"counts too", count_1}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
