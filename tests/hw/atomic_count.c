/* SPDX-License-Identifier: MIT */
/* Two CPUs count up one word, by addition and by compare-exchange in turn, and no count is lost. */
#include <asm/atomic.h>

#include "tests/hw/count.h"

#define COUNTS 10000u	/* of each CPU in each round */
#define TRIES  1000000u /* refusals in a row, far more than the others' counts altogether */
#define ROUNDS 24u
#define ENOUGH 50u /* meetings of the CPUs, because fewer may lose nothing by chance */
#define ROLES  2u

static u32 counter __aligned(64); /* shared */

static struct {
	u32 met; /* times that the other CPU's counts came between two of this one */
	u32 refused;
} __aligned(64) found[ROLES];

static bool setup(struct variant *v)
{
	(void)v;
	counter = 0;
	for (unsigned role = 0; role < ROLES; role++)
		found[role] = (typeof(found[0])){.met = 0};
	return true;
}

static u32 count_once(unsigned role, unsigned n)
{
	u32 seen = READ_ONCE(counter);

	if (n % 2 == 0)
		return atomic_fetch_add(&counter, 1) + 1;
	for (unsigned try = 0; try < TRIES; try++) {
		if (atomic_try_cmpxchg(&counter, &seen, seen + 1))
			break;
		found[role].refused++;
	}
	return seen + 1;
}

static void count_0(struct variant *v)
{
	found[0].met = count_up(v, 0, ROUNDS, ENOUGH, COUNTS, count_once);
}

static void count_1(struct variant *v)
{
	found[1].met = count_up(v, 1, ROUNDS, ENOUGH, COUNTS, count_once);
}

static enum verdict judge(struct variant *v)
{
	u32 counts = ROLES * v->value[COUNT_ROUNDS] * COUNTS;

	if (counter != counts) {
		lab_saw(v, "after %u counts the word is %u", counts, counter);
		return VIOLATED;
	}
	lab_counted(v, found[0].met + found[1].met);
	lab_evidence(v, "%u counts, all there; %u times another CPU's came in between, %u refused",
		     counts, found[0].met + found[1].met,
		     found[0].refused + found[1].refused);
	return HELD;
}

SCENARIO(atomic_count) = {
	.name = "hw/atomic-count",
	.rule = "an atomic 32-bit addition or compare-exchange is one access, so no "
		"CPU's update is lost",
	.reference = "Intel SDM vol. 3, 9.1.2.2; MIPS32 volume II, LL and SC; z/Architecture, "
		     "COMPARE AND SWAP",
	.mode = MODE_PROBE,
	.least = {AT_LEAST_MET(ENOUGH, "times that another CPU's count came in between")},
	.roles = {{"counts", count_0}, {"counts too", count_1}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
