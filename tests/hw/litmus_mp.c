/* SPDX-License-Identifier: MIT */
/* Message passing, where a CPU sees the message after it has seen the flag. */
#include <asm/caps.h>

#include "tests/hw/litmus.h"

static const struct litmus test = {.registers = 2, .forbidden = CAP_STORE_ORDERED ? OUTCOME(1) : 0};

static void writer(struct litmus_cell *cell)
{
	WRITE_ONCE(cell->x, 1);
	WRITE_ONCE(cell->y, 1);
}
LITMUS_ROLE(writer)

static void reader(struct litmus_cell *cell)
{
	cell->r[0] = READ_ONCE(cell->y);
	cell->r[1] = READ_ONCE(cell->x);
}
LITMUS_ROLE(reader)

LITMUS(litmus_mp, .name = "hw/litmus-mp",
       .rule = "loads in order see stores in order (x=1, y=1 against r0=y, r1=x never "
	       "ends with 1 and 0)",
       .reference = "Intel SDM vol. 3, 9.2.3.2 (neither loads nor stores are reordered with like "
		    "operations)",
       .roles = {{"writes", writer_role}, {"reads", reader_role}});
