/* SPDX-License-Identifier: MIT */
/* Store buffering with the usual full barrier between, which smp_mb() does without: see there. */
#include "tests/hw/litmus.h"

static const struct litmus test = {.registers = 2, .forbidden = OUTCOME(0)};

static void serialize(void)
{
	__asm__ __volatile__("bcr 15,0" ::: "memory");
}

static void left(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->x, 1);
	serialize();
	cell->r[0] = READ_ONCE(cell->y);
}
LITMUS_ROLE(left)

static void right(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->y, 1);
	serialize();
	cell->r[1] = READ_ONCE(cell->x);
}
LITMUS_ROLE(right)

LITMUS(bcr_serializes, .name = "hw/bcr-serializes",
       .rule = "BRANCH ON CONDITION with mask 15 and no target serializes: r0=r1=0 never",
       .reference = "Principles of Operation, chapter 7, BRANCH ON CONDITION, and chapter 5, CPU "
		    "Serialization",
       .finding = "F-034", .roles = {{"x, bcr, y", left_role}, {"y, bcr, x", right_role}});
