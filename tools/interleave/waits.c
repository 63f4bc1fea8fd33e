/* SPDX-License-Identifier: MIT */
/* The explorer sees the place of every waiting CPU, so no CPU has to watch. */
#include <asm/irq.h>

#include "arch/model/machine.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/nap.h"
#include "kernel/wait/wait.h"

const char *const wait_kind_name[NR_WAIT_KINDS] = {
	[WAIT_NONE] = "nothing", [WAIT_ACK] = "shootdown-ack", [WAIT_NOWAIT] = "nowait-ack",
	[WAIT_GRACE] = "grace",	 [WAIT_CALL] = "call",	       [WAIT_LOCK] = "lock",
	[WAIT_JOB] = "job",	 [WAIT_START] = "start",       [WAIT_CLEAR] = "clear",
};

u32 wait_deadline_s = 10;
bool wait_naps; /* set by a scenario's setup; a sleep in every wait would be too many states */

void explore_wait_begin(void)
{
	assert(!model_cpu[cpu_id()].waiting); /* `news` belongs to one wait */
	model_cpu[cpu_id()].waiting = true;
	model_cpu[cpu_id()].news = false;
}

static void stop_waiting(void)
{
	model_cpu[cpu_id()].waiting = false;
	model_cpu[cpu_id()].news = false;
}

/* The waits in which may_nap() of kernel/wait/wait.c allows a sleep. There the spin becomes long
 * first. Here that is the same as a slow CPU. */
static bool may_nap(u32 kind)
{
	return CAP_NAP && wait_naps && (kind == WAIT_ACK || kind == WAIT_CALL) && irqs_enabled();
}

/* A test of the condition failed. A nap waits by itself. */
void explore_wait_step(u32 kind)
{
	if (!may_nap(kind)) {
		model_wait(kind);
		return;
	}
	stop_waiting();
	nap_step(SPINS_PER_NAP);
	explore_wait_begin();
}

void explore_wait_end(void)
{
	stop_waiting();
	if (CAP_NAP && READ_ONCE(this_cpu()->napping))
		nap_end();
}
