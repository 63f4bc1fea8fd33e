/* SPDX-License-Identifier: MIT */
/* Parts of explorations for more than one program, and their judges. */
#pragma once
#include "kernel/printk.h"
#include "tests/self/unit/engine/explored.h"

/* Each stores and looks at the other's. */
static inline void store_then_load(void)
{
	unsigned me = cpu_id();

	WRITE_ONCE(CELL(me), 1);
	found[me] = READ_ONCE(CELL(1 - me));
}

static inline void store_twice(void)
{
	WRITE_ONCE(CELL(0), 1);
	WRITE_ONCE(CELL(0), 2);
}

static inline void look_twice(void)
{
	found[0] = READ_ONCE(CELL(0)) == 1;
	found[1] = READ_ONCE(CELL(0)) == 2;
}

static inline void stop_at_two(void)
{
	if (READ_ONCE(CELL(0)) == 2)
		panic("it is %u", 2);
}

static inline const char *no_both(unsigned *class)
{
	*class = found[0] && found[1];
	return *class ? "both saw it" : NULL;
}

static inline const char *no_both_at_a_glance(void)
{
	return found[0] && found[1] ? "both, at a glance" : NULL;
}
