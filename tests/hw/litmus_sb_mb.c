/* SPDX-License-Identifier: MIT */
/* Store buffering with smp_mb() between: what a shootdown and a switch of address spaces build on.
 */
#include <asm/barrier.h>

#include "tests/hw/litmus.h"

static const struct litmus test = {.registers = 2, .forbidden = OUTCOME(0)};

static void left(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->x, 1);
	smp_mb();
	cell->r[0] = READ_ONCE(cell->y);
}
LITMUS_ROLE(left)

static void right(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->y, 1);
	smp_mb();
	cell->r[1] = READ_ONCE(cell->x);
}
LITMUS_ROLE(right)

LITMUS(litmus_sb_mb, .name = "hw/litmus-sb-mb",
       .rule = "with a full barrier between store and load, not both loads are early: r0=r1=0 "
	       "never",
       .reference = "Intel SDM vol. 3, 9.2.3.9 (loads and stores are not reordered with locked "
		    "instructions)",
       .roles = {{"x, mb, y", left_role}, {"y, mb, x", right_role}});
