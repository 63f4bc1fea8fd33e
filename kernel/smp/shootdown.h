/* SPDX-License-Identifier: MIT */
/*
 * The TLB shootdown: after it returns, no CPU of the mask uses a translation of [start, end) that
 * the caller took away before the call, and every lockless walker that was inside when it started
 * has left.
 *
 * The second half is what "interrupts off" buys: a walker keeps them off, so its CPU cannot take
 * the interrupt, so the ack does not come (Linux: the comment above gup_fast_pte_range and
 * ptep_get_lockless).
 *
 * With flush=nowait only the first half holds: the request is an NMI, which interrupts off does not
 * hold back. It stands for paravirtual and broadcast flushes; what walkers need then is in
 * kernel/smp/walker_sync.h.
 *
 * A port with CAP_BROADCAST_FLUSH sends no shootdowns for what mm/table/clear.h takes away.
 *
 * maskp is read after a full barrier that follows the caller's change of the entries; a CPU sets
 * its bit, passes a full barrier and only then loads the root (mm_switch). So a CPU that is missing
 * in what we read has not yet loaded the root and will see the new entries.
 *
 * Interrupts on, no lockless walk in progress on this CPU; spin locks may be held, see spinlock.h.
 * start, end: page-aligned. Several CPUs may shoot at each other: the waiting initiator serves
 * requests aimed at itself.
 */
#pragma once

#include <asm/caps.h>

#include "kernel/hooks/guard.h"

/* Whether a flush waits for walkers that have interrupts off. A broadcast never does. */
static inline bool flush_is_sync(void)
{
	return !CAP_BROADCAST_FLUSH && choice_is(flush, sync);
}

void shootdown(cpumask_t *maskp, vaddr_t start, vaddr_t end);

/*
 * Forgets NMIs that this CPU still expects and that never come. Two that arrive close together may
 * become one (Intel SDM vol. 3, 6.7.1: one NMI is kept while another is handled), and what is left
 * of the count would make a later NMI of the hardware's own pass for one of ours. It is forgotten
 * when, at two calls that are NOWAIT_QUIET_NS apart, no CPU is sending any, and none has come in
 * between. An NMI that was sent is taken within microseconds, where a hypervisor has to wake the
 * CPU for it as well, so none is still on its way then. Called by mm_switch(), not in an NMI.
 */
#define NOWAIT_QUIET_NS 10000000u
void nowait_settle(void);
