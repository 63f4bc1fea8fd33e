/* SPDX-License-Identifier: MIT */
/* Each CPU has its own memory at real address 0, with its number, its stacks and the targets of its
 * interruptions. Two CPUs write there, and look from both sides. */
#include <asm/probe.h>
#include <asm/smp.h>

#include "tests/lab/lab.h"

#define ROUNDS 8u

static struct {
	u32 looks;
	u32 own;      /* wrong words of this CPU's at 0 */
	u32 others;   /* of another's area, at its absolute address */
	u32 absolute; /* of absolute 0, seen at the address of this CPU's area */
} found[2];

static bool setup(struct variant *v)
{
	(void)v;
	for (unsigned role = 0; role < ARRAY_SIZE(found); role++)
		found[role] = (typeof(found[0])){.looks = 0};
	return true;
}

static u32 word(unsigned round, unsigned role, unsigned place)
{
	return 0x5a000000u | round << 8 | role << 4 | place;
}

static void count(u32 *wrong, unsigned role, u32 *mark, u32 expected)
{
	found[role].looks++;
	*wrong += READ_ONCE(*mark) != expected;
}

static void look_around(struct variant *v, unsigned role)
{
	unsigned other = !role;

	for (unsigned round = 0; round < ROUNDS; round++) {
		u32 *ours = mark_of(cpu_id()), *theirs = mark_of(v->cpu[other]);

		WRITE_ONCE(*ours, word(round, role, 0));
		if (!lab_meet(v))
			return;
		count(&found[role].own, role, ours, word(round, role, 0));
		count(&found[role].others, role, theirs, word(round, other, 0));
		if (!lab_meet(v))
			return;
		WRITE_ONCE(*theirs, word(round, role, 1));
		if (role == round % 2)
			WRITE_ONCE(*mark_absolute(), word(round, role, 2));
		if (!lab_meet(v))
			return;
		count(&found[role].own, role, ours, word(round, other, 1));
		count(&found[role].absolute, role, mark_absolute(), word(round, round % 2, 2));
		if (!lab_meet(v))
			return;
	}
}

static void look_0(struct variant *v)
{
	look_around(v, 0);
}

static void look_1(struct variant *v)
{
	look_around(v, 1);
}

static enum verdict judge(struct variant *v)
{
	for (unsigned role = 0; role < ARRAY_SIZE(found); role++) {
		if (!found[role].own && !found[role].others && !found[role].absolute)
			continue;
		lab_saw(v,
			"of %u looks of CPU %u, %u found another word at 0 than was stored there, "
			"%u in the other's area, %u at absolute 0",
			found[role].looks, v->cpu[role], found[role].own, found[role].others,
			found[role].absolute);
		return VIOLATED;
	}
	lab_counted(v, found[0].looks + found[1].looks);
	lab_evidence(v, "%u looks at 0, at the other's area and at absolute 0: each word its own",
		     found[0].looks + found[1].looks);
	return HELD;
}

SCENARIO(prefix) = {
	.name = "hw/prefix",
	.rule = "real address 0 is each CPU's own prefix area, and the real address of "
		"that area is absolute 0",
	.reference = "Principles of Operation, chapter 3, \"Prefixing\"",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(2 * 4 * ROUNDS, "looks")},
	.roles = {{"cpu", look_0}, {"another", look_1}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
