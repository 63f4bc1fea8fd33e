/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU data. A CPU reaches its own by this_cpu(). A field touched by other CPUs says "shared",
 * and only marked accesses touch it.
 */
#pragma once

#include <asm/smp.h>

#include "kernel/hooks/race.h"
#include "kernel/smp/ack.h"
#include "kernel/stray.h"
#include "kernel/wait/patience.h"
#include "kernel/wait/wait.h"

struct mm;

/* The TLB shootdown this CPU has asked for, one at a time. Stable until every target has acked. */
struct shootdown_request {
	struct ack_box acks;
	vaddr_t start, end;
};

/* The call this CPU has asked others to make, under the same rules. */
struct call_request {
	struct ack_box acks;
	void (*function)(void *argument);
	void *argument;
};

/* A secondary CPU's way to cpus_online. It and the boot CPU decide by compare-exchange. */
enum cpu_start {
	CPU_AWAITED,
	CPU_STARTED,  /* it came */
	CPU_LEFT_OUT, /* the boot CPU stopped waiting for it */
	CPU_LATE      /* it came later, and sleeps for good */
};

struct cpu {
	struct wait wait;	    /* shared, read by the watchdog of any waiting CPU */
	struct race_site wait_site; /* where this wait stands, as a race point */

	struct shootdown_request shootdown; /* shared */
	struct call_request call;	    /* shared */
	cpumask_t shootdown_pending;	    /* shared, initiators with a request for this CPU */
	/* NMIs still to come although their requests were served already, and whether none has come
	 * since nowait_settle() last looked. Written by the NMI at any time. */
	u32 nowait_owed, nowait_quiet;
	u64 nowait_quiet_since; /* clock_ns() of its last look */
	u32 nowait_sending;	/* shared, an NMI of this CPU's request may still be unsent */
	cpumask_t call_pending; /* shared, callers with a call for this CPU */
	u32 call_interrupts;	/* shared, taken here (a call may find its work done already) */

	/* Work for a sleeping CPU (kernel/smp/job.h). Shared, set by the giver and cleared by this
	 * CPU. */
	void (*job)(void *argument);
	void *job_argument;
	u32 napping;	      /* shared, sleeps in a wait or is about to (kernel/wait/nap.h) */
	u32 naps, naps_woken; /* shared, all such sleeps, and the ones ended by an interrupt */
	u32 wakes;	      /* shared, IPI_WAKEs taken here */
	u32 spurious;	      /* shared, interrupts for nothing */
	u32 start;	      /* shared, enum cpu_start */
	struct strays strays; /* shared, interrupts nobody asked for */

	/* Of this CPU and the handlers of its interrupts (kernel/smp/user_stop.h). A program spins
	 * in user mode, and it is to spin no more. */
	bool user_spins, user_stop;

	struct mm *mm;	/* the space loaded here, NULL for the kernel's own */
	u32 walk_seq;	/* shared, odd inside a lockless walk, one more at each end of one */
	u32 wait_pulse; /* for WAIT_JOB, progress of the awaited CPUs at the last look */
	struct patience patience; /* of the wait */
	u32 locks_held;		  /* bit: enum lock_level, see kernel/wait/lock_order.h */
} __aligned(64);

extern struct cpu cpus[MAX_CPUS];

static inline struct cpu *this_cpu(void)
{
	return &cpus[cpu_id()];
}

/* Shared, the CPUs with a live trap table, interrupt controller and idle loop. */
extern cpumask_t cpus_online;
