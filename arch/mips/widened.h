/* SPDX-License-Identifier: MIT */
/*
 * 64 bits of time from counters of 32: pure but for the one shared word, so that a unit program can
 * let them wrap.
 *
 * For a counter that all CPUs read, the changes of its highest bit are counted, by the CPUs that
 * see them first. Somebody has to look more often than that bit changes. The number of changes is
 * read before the counter, so it is one behind at the most. A CPU that finds it behind knows the
 * new one, no matter which CPU stores it.
 */
#pragma once

#include <asm/atomic.h>
#include <asm/barrier.h>

/* To be called before the counter is read; half_turns: shared, 0 at first. */
static inline u32 half_turns_before(const u32 *half_turns)
{
	u32 turns = READ_ONCE(*half_turns);

	smp_rmb();
	return turns;
}

/* turns: from half_turns_before(); low: what the counter was after that. */
static inline u64 widened(u32 *half_turns, u32 turns, u32 low)
{
	if ((turns & 1) != low >> 31) {
		atomic_cmpxchg(half_turns, turns, turns + 1);
		turns++;
	}
	return (u64)(turns / 2) << 32 | low;
}

/* A counter that one CPU alone reads, with all interrupts off. It looks more often than once a
 * turn. */
struct own_counter {
	u32 last, wraps;
};

static inline u64 widened_own(struct own_counter *own, u32 count)
{
	own->wraps += count < own->last;
	own->last = count;
	return (u64)own->wraps << 32 | count;
}
