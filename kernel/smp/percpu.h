/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU data. A CPU reaches its own by this_cpu(). Fields that other CPUs touch are touched by
 * marked accesses only, and say so.
 */
#pragma once

#include <asm/smp.h>

#include "kernel/hooks/race.h"
#include "kernel/smp/ack.h"
#include "kernel/stray.h"
#include "kernel/wait/patience.h"
#include "kernel/wait/wait.h"

struct mm;

/* One TLB shootdown that this CPU has asked for; one at a time. Stable until every target acked. */
struct shootdown_request {
	struct ack_box acks;
	vaddr_t start, end;
};

/* One call that this CPU has asked others to make; the same rules. */
struct call_request {
	struct ack_box acks;
	void (*function)(void *argument);
	void *argument;
};

/* A secondary CPU's way to cpus_online, decided between it and the boot CPU by compare-exchange. */
enum cpu_start {
	CPU_AWAITED,
	CPU_STARTED,  /* it came */
	CPU_LEFT_OUT, /* the boot CPU stopped waiting for it */
	CPU_LATE      /* it came after that, and sleeps for good */
};

struct cpu {
	struct wait wait;	    /* shared: read by the watchdog of any waiting CPU */
	struct race_site wait_site; /* where that wait stands, as a race point */

	struct shootdown_request shootdown; /* shared */
	struct call_request call;	    /* shared */
	cpumask_t shootdown_pending; /* shared: initiators whose request this CPU must serve */
	/* NMIs still to come whose requests were served already, and whether none has come since
	 * nowait_settle() last looked. Written by the NMI, which may come at any time. */
	u32 nowait_owed, nowait_quiet;
	u64 nowait_quiet_since; /* clock_ns() of that look */
	u32 nowait_sending;	/* shared: an NMI of this CPU's request may still be to be sent */
	cpumask_t call_pending; /* shared: the same for calls */
	u32 call_interrupts;	/* shared: taken here; a call may find its work done already */

	/* Work for a sleeping CPU (kernel/smp/job.h). shared: the giver sets it, we clear it. */
	void (*job)(void *argument);
	void *job_argument;
	u32 napping;	      /* shared: sleeps in a wait, or is about to (kernel/wait/nap.h) */
	u32 naps, naps_woken; /* shared: all of these sleeps, and those that an interrupt ended */
	u32 wakes;	      /* shared: IPI_WAKEs taken here */
	u32 spurious;	      /* shared: interrupts for nothing */
	u32 start;	      /* shared: enum cpu_start */
	struct strays strays; /* shared: interrupts that nobody asked for */

	struct mm *mm;	/* the space loaded here; NULL: the kernel's own */
	u32 walk_seq;	/* shared: odd inside a lockless walk, one more at each end of one */
	u32 wait_pulse; /* WAIT_JOB: what the CPUs waited for had done at the last look */
	struct patience patience; /* of the wait */
} __aligned(64);

extern struct cpu cpus[MAX_CPUS];

static inline struct cpu *this_cpu(void)
{
	return &cpus[cpu_id()];
}

/* shared: CPUs whose trap table, interrupt controller and idle loop are live */
extern cpumask_t cpus_online;
