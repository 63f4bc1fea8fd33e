/* SPDX-License-Identifier: MIT */
/* CPUs count up one object together. No count may be lost, and the CPUs must be seen to meet. */
#pragma once

#include <asm/clock.h>

#include "tests/lab/lab.h"

/* For a host that rarely runs both CPUs at once. */
#define COUNT_NS_MOST 2000000000ull

/* The numbers of v->value. */
enum {
	COUNT_MET_0, /* role 0's meetings with the other role so far */
	COUNT_MET_1, /* role 1's */
	COUNT_ROUNDS = 3,
};

/* The numbers of v->flag. */
enum {
	COUNT_OVER = 3, /* the last round has ended */
};

/*
 * Runs one of two roles. Counts `counts` times in each round, from one meeting of the CPUs to the
 * next. Does at least `rounds`, and more until the roles have met `enough` times. once() counts for
 * the n-th time and returns the object's new value. Returns how often the other's counts came
 * between two of this role's.
 */
static inline u32 count_up(struct variant *v, unsigned role, unsigned rounds, u32 enough,
			   unsigned counts, u32 (*once)(unsigned role, unsigned n))
{
	u64 start = clock_ns();
	u32 met = 0;

	do {
		u32 last = 0;

		if (!lab_meet(v))
			break;
		for (unsigned n = 0; n < counts; n++) {
			u32 mine = once(role, n);

			met += n && mine != last + 1;
			last = mine;
		}
		WRITE_ONCE(v->value[COUNT_MET_0 + role], met);
		if (!lab_meet(v))
			break;
		if (role == 0 && ++v->value[COUNT_ROUNDS] >= rounds)
			v->flag[COUNT_OVER] =
				v->value[COUNT_MET_0] + v->value[COUNT_MET_1] >= enough ||
				clock_ns() - start > COUNT_NS_MOST;
	} while (lab_meet(v) && !READ_ONCE(v->flag[COUNT_OVER]));
	return met;
}
