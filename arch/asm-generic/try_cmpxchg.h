/* SPDX-License-Identifier: MIT */
/* Behind a port's atomic_cmpxchg(), for its asm/atomic.h. */
#pragma once

/*
 * Returns true if *p was *expected and is `value` now. Otherwise sets *expected to the value of *p.
 */
static inline bool atomic_try_cmpxchg(u32 *p, u32 *expected, u32 value)
{
	u32 before = *expected;

	*expected = atomic_cmpxchg(p, before, value);
	return *expected == before;
}
