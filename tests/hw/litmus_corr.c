/* SPDX-License-Identifier: MIT */
/* Coherence forbids two loads of one location to go back in time. */
#include "tests/hw/litmus.h"

static const struct litmus test = {.registers = 2, .forbidden = OUTCOME(1)};

static void writer(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->x, 1);
}
LITMUS_ROLE(writer)

static void reader(struct litmus_cell *cell)
{
	cell->r[0] = READ_ONCE(cell->x);
	cell->r[1] = READ_ONCE(cell->x);
}
LITMUS_ROLE(reader)

LITMUS(litmus_corr, .name = "hw/litmus-corr",
       .rule = "after a load has seen a new value, no later load sees the old one (x=1 "
	       "against r0=x, r1=x)",
       .reference = "Intel SDM vol. 3, 9.2.3.2 (reads are not reordered with other reads)",
       .roles = {{"writes", writer_role}, {"reads", reader_role}});
