/* SPDX-License-Identifier: MIT */
/* CPUs that count up one object together: no count may be lost, and it must be seen that they met.
 */
#pragma once

#include "tests/lab/lab.h"

/*
 * One role: `counts` of them in each of `rounds`, from one meeting to the next. once: counts, the
 * n-th time; returns what it made the object. Returns how often others' counts came between two of
 * this role's.
 */
static inline u32 count_up(struct variant *v, unsigned role, unsigned rounds, unsigned counts,
			   u32 (*once)(unsigned role, unsigned n))
{
	u32 met = 0;

	for (unsigned round = 0; round < rounds; round++) {
		u32 last = 0;

		lab_meet(v);
		for (unsigned n = 0; n < counts; n++) {
			u32 mine = once(role, n);

			met += n && mine != last + 1;
			last = mine;
		}
	}
	return met;
}
