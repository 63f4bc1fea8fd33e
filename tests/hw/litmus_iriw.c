/* SPDX-License-Identifier: MIT */
/* Independent reads of independent writes, with all CPUs agreeing on the order of two stores. */
#include <asm/caps.h>

#include "tests/hw/litmus.h"

/* In r0=1 r1=0 r2=1 r3=0 one reader has x before y, and the other has y before x. */
static const struct litmus test = {.registers = 4, .forbidden = CAP_STORE_ORDERED ? OUTCOME(5) : 0};

static void write_x(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->x, 1);
}
LITMUS_ROLE(write_x)

static void write_y(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->y, 1);
}
LITMUS_ROLE(write_y)

static void read_xy(struct litmus_cell *cell)
{
	cell->r[0] = READ_ONCE(cell->x);
	cell->r[1] = READ_ONCE(cell->y);
}
LITMUS_ROLE(read_xy)

static void read_yx(struct litmus_cell *cell)
{
	cell->r[2] = READ_ONCE(cell->y);
	cell->r[3] = READ_ONCE(cell->x);
}
LITMUS_ROLE(read_yx)

LITMUS(litmus_iriw, .name = "hw/litmus-iriw",
       .rule = "all CPUs see two stores in the same order (x=1 and y=1 against r0=x, "
	       "r1=y and r2=y, r3=x)",
       .reference = "Intel SDM vol. 3, 9.2.3.7 (stores are seen in a consistent order by other "
		    "processors)",
       .roles = {{"writes x", write_x_role},
		 {"writes y", write_y_role},
		 {"reads x, y", read_xy_role},
		 {"reads y, x", read_yx_role}});
