/* SPDX-License-Identifier: MIT */
/*
 * Waiting for lockless walkers without a TLB flush.
 *
 * sync_walkers_ipi(): an interrupt to every CPU; a walker's CPU takes it after the walk. Linux
 * tlb_remove_table_sync_one(). sync_walkers_grace(): a grace period; every walk that was in
 * progress when it began has ended. For that a walk announces itself (this_cpu()->walk_seq is odd
 * inside), which costs it a full barrier, paid only where a grace period may be asked for.
 *
 * Both: interrupts on, no walk in progress on this CPU. What was unlinked before is unreachable
 * after, and what a walk stored that has ended is seen. Linux Documentation/RCU/Design/
 * Memory-Ordering, the guarantee of a grace period.
 */
#pragma once

#include "kernel/hooks/guard.h"

void sync_walkers_ipi(void);
void sync_walkers_grace(void);

static inline bool grace_periods_used(void)
{
	return choice_is(table_free, grace) || choice_is(entry_sync, grace);
}
