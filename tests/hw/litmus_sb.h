/* SPDX-License-Identifier: MIT */
/* Store buffering. One role has x=1 and r0=y, the other y=1 and r1=x, with `between` in between. */
#pragma once

#include "tests/hw/litmus.h"

#define BOTH_EARLY OUTCOME(0) /* r0=r1=0 */

/*
 * Defines `test` and its roles for LITMUS(). not_allowed is BOTH_EARLY or 0. between is a
 * statement.
 */
#define STORE_BUFFERING(not_allowed, between)                                                      \
	static const struct litmus test = {.registers = 2, .forbidden = (not_allowed)};            \
	static void left(struct litmus_cell *cell)                                                 \
	{                                                                                          \
		WRITE_ONCE(cell->x, 1);                                                            \
		between;                                                                           \
		cell->r[0] = READ_ONCE(cell->y);                                                   \
	}                                                                                          \
	LITMUS_ROLE(left)                                                                          \
	static void right(struct litmus_cell *cell)                                                \
	{                                                                                          \
		WRITE_ONCE(cell->y, 1);                                                            \
		between;                                                                           \
		cell->r[1] = READ_ONCE(cell->x);                                                   \
	}                                                                                          \
	LITMUS_ROLE(right)
