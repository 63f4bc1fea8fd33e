/* SPDX-License-Identifier: MIT */
/* Store buffering: a load may overtake an older store. Reported only: x86 permits all four
 * outcomes. */
#include "tests/hw/litmus.h"

static const struct litmus test = {.registers = 2};

static void left(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->x, 1);
	cell->r[0] = READ_ONCE(cell->y);
}
LITMUS_ROLE(left)

static void right(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->y, 1);
	cell->r[1] = READ_ONCE(cell->x);
}
LITMUS_ROLE(right)

LITMUS(litmus_sb, .name = "hw/litmus-sb",
       .rule = "store buffering: x=1; r0=y against y=1; r1=x: may end with both 0",
       .reference = "Intel SDM vol. 3, 9.2.3.4 (loads may be reordered with earlier stores)",
       .roles = {{"x, then y", left_role}, {"y, then x", right_role}});
