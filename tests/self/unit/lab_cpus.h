/* SPDX-License-Identifier: MIT */
/* CPUs that take turns: each but the first is idle until it is given a job, and who pauses in a
 * spin lets the next one go on. So roles of the lab really meet. A program that panics ends. */
#pragma once

#include <ucontext.h>

#include "kernel/smp/job.h"
#include "tests/self/unit/machine.h"

static ucontext_t cpu_context[MODEL_CPUS];
static u8 cpu_stack[MODEL_CPUS][256 << 10] __aligned(16);

static inline void next_cpu(void)
{
	unsigned me = cpu_id(), next = (me + 1) % MODEL_CPUS;

	model_switch_cpu(next);
	swapcontext(&cpu_context[me], &cpu_context[next]);
}

static inline void be_idle(void)
{
	for (;;) {
		idle_turn();
		next_cpu();
	}
}

/* Call after machine_reset(). */
static inline void cpus_take_turns(void)
{
	for (unsigned cpu = 1; cpu < MODEL_CPUS; cpu++) {
		ucontext_t *context = &cpu_context[cpu];

		getcontext(context);
		context->uc_stack.ss_sp = cpu_stack[cpu];
		context->uc_stack.ss_size = sizeof(cpu_stack[cpu]);
		context->uc_link = NULL;
		makecontext(context, be_idle, 0);
	}
	model_relax_hook = next_cpu;
}
