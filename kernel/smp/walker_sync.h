/* SPDX-License-Identifier: MIT */
/*
 * Waits for lockless walkers without a TLB flush.
 *
 * sync_walkers_ipi() sends an interrupt to every CPU. A walker's CPU takes it after the walk. Linux
 * tlb_remove_table_sync_one().
 *
 * sync_walkers_grace() waits for a grace period, until every walk in progress at its start has
 * ended. So a walk announces itself (this_cpu()->walk_seq is odd inside). The announcement costs it
 * a full barrier, paid only where a grace period may be asked for.
 *
 * Call both with interrupts on and no walk in progress on this CPU. Everything unlinked before is
 * unreachable after, and all stores of an ended walk are seen. Linux
 * Documentation/RCU/Design/Memory-Ordering, the guarantee of a grace period.
 */
#pragma once

#include "kernel/hooks/guard.h"

void sync_walkers_ipi(void);
void sync_walkers_grace(void);

static inline bool grace_periods_used(void)
{
	return choice_is(table_free, grace) || choice_is(entry_sync, grace);
}
