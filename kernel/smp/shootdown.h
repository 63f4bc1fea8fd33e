/* SPDX-License-Identifier: MIT */
/*
 * The TLB shootdown. After it returns, no CPU of the mask uses a translation of [start, end) taken
 * away before the call. Every lockless walker inside when it started has left.
 *
 * The second half is the effect of "interrupts off". A walker keeps them off, so its CPU cannot
 * take the interrupt and the ack does not come (Linux, the comment above gup_fast_pte_range and
 * ptep_get_lockless).
 *
 * With flush=nowait only the first half holds, because the request is an NMI and comes even with
 * interrupts off. It stands for paravirtual and broadcast flushes. kernel/smp/walker_sync.h has the
 * waits needed for walkers then.
 *
 * A port with CAP_BROADCAST_FLUSH sends no shootdowns for entries taken away by mm/table/clear.h.
 *
 * shootdown() reads *maskp behind a full barrier, so after the caller's change of the entries. A
 * CPU sets its bit, passes a full barrier and only then loads the root (mm_switch). So a CPU
 * missing from the mask we read has not yet loaded the root and will see the new entries.
 *
 * Call with interrupts on and no lockless walk in progress on this CPU. Spin locks may be held, see
 * spinlock.h. start and end are page-aligned. Several CPUs may shoot at each other, because a
 * waiting initiator serves requests aimed at itself.
 */
#pragma once

#include <asm/caps.h>

#include "kernel/hooks/guard.h"

/* Whether a flush waits for walkers with interrupts off. A broadcast never does. */
static inline bool flush_is_sync(void)
{
	return !CAP_BROADCAST_FLUSH && choice_is(flush, sync);
}

void shootdown(cpumask_t *maskp, vaddr_t start, vaddr_t end);

/*
 * Forgets NMIs still expected by this CPU although they never come. Two that arrive close together
 * may become one, because one NMI is kept while another is handled (Intel SDM vol. 3, 6.7.1). The
 * rest of the count would then make a later NMI of the hardware's own pass for one of ours.
 *
 * The count is forgotten at the second of two calls NOWAIT_QUIET_NS apart, if no CPU is sending any
 * NMI at either and none has come in between. A sent NMI is taken within microseconds, even where a
 * hypervisor has to wake the CPU for it as well, so none is still on its way then. Called by
 * mm_switch(), not in an NMI.
 */
#define NOWAIT_QUIET_NS 10000000u
void nowait_settle(void);
