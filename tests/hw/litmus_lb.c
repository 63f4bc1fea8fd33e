/* SPDX-License-Identifier: MIT */
/* Load buffering, where no store is seen before an older load of its own CPU was made. */
#include <asm/caps.h>

#include "tests/hw/litmus.h"

static const struct litmus test = {.registers = 2, .forbidden = CAP_STORE_ORDERED ? OUTCOME(3) : 0};

static void left(struct litmus_cell *cell)
{
	u32 r = READ_ONCE(cell->x);

	WRITE_ONCE(cell->y, 1);
	cell->r[0] = r;
}
LITMUS_ROLE(left)

static void right(struct litmus_cell *cell)
{
	u32 r = READ_ONCE(cell->y);

	WRITE_ONCE(cell->x, 1);
	cell->r[1] = r;
}
LITMUS_ROLE(right)

LITMUS(litmus_lb, .name = "hw/litmus-lb",
       .rule = "a store does not overtake an older load (r0=x, y=1 against r1=y, x=1 "
	       "never ends with both 1)",
       .reference = "Intel SDM vol. 3, 9.2.3.3 (stores are not reordered with earlier loads)",
       .roles = {{"x, then y", left_role}, {"y, then x", right_role}});
