/* SPDX-License-Identifier: MIT */
/*
 * 64-bit time from 32-bit counters. The code is pure except for one shared word, so a unit program
 * can let the counters wrap.
 *
 * If all CPUs read one counter, they count the changes of its highest bit, and the first CPU to see
 * a change adds it. Some CPU must look more often than the bit changes. The number of changes is
 * read before the counter, so it is behind by one at most. A CPU then knows the new number itself,
 * no matter which CPU stores it.
 */
#pragma once

#include <asm/atomic.h>
#include <asm/barrier.h>

/* Call before the counter is read. half_turns is shared, and 0 at first. */
static inline u32 half_turns_before(const u32 *half_turns)
{
	u32 turns = READ_ONCE(*half_turns);

	smp_rmb();
	return turns;
}

/* Pass as `turns` the result of half_turns_before(), and as `low` the counter read after it. */
static inline u64 widened(u32 *half_turns, u32 turns, u32 low)
{
	if ((turns & 1) != low >> 31) {
		atomic_cmpxchg(half_turns, turns, turns + 1);
		turns++;
	}
	return (u64)(turns / 2) << 32 | low;
}

/* A counter read by one CPU alone, with all interrupts off, and more often than once a turn. */
struct own_counter {
	u32 last, wraps;
};

static inline u64 widened_own(struct own_counter *own, u32 count)
{
	own->wraps += count < own->last;
	own->last = count;
	return (u64)own->wraps << 32 | count;
}
