/* SPDX-License-Identifier: MIT */
/* Gives work to sleeping CPUs, wakes them for it, and waits for its end. */
#include "kernel/smp/job.h"

#include <asm/atomic.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/hooks/guard.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/nap.h"

void job_give(unsigned cpu, void (*function)(void *argument), void *argument)
{
	assert(!READ_ONCE(cpus[cpu].job));
	WRITE_ONCE(cpus[cpu].job_argument, argument);
	if (guard(job_release))
		smp_store_release(&cpus[cpu].job, function);
	else
		WRITE_ONCE(cpus[cpu].job, function);
	if (guard(ipi_mb))
		smp_mb();
	ipi_send(cpu, IPI_WAKE);
}

/* Answers an interrupt in the smallest way visible to other CPUs. The interrupted CPU looks again
 * at the word it slept for. Without the barrier it could see a value from before the interrupt was
 * sent, because being interrupted is no barrier. */
void interrupt_wake(void)
{
	struct cpu *cpu = this_cpu();

	if (guard(wake_rmb))
		smp_rmb();
	WRITE_ONCE(cpu->wakes, cpu->wakes + 1);
	nap_end();
}

/* An acquire, so that everything the job did is seen. */
static bool is_running(unsigned cpu)
{
	return guard(job_done_acquire) ? smp_load_acquire(&cpus[cpu].job)
				       : READ_ONCE(cpus[cpu].job);
}

static cpumask_t jobs_running(cpumask_t mask)
{
	cpumask_t running = 0;
	unsigned cpu;

	for_each_cpu (cpu, mask) {
		if (is_running(cpu))
			running |= BIT(cpu);
	}
	return running;
}

bool job_wait(cpumask_t mask)
{
	bool whole = wait_until(!jobs_running(mask), WAIT_JOB, jobs_running(mask));
	struct patience patience = {0};

	/* The wait was abandoned. The others' waits end as well, and so do their jobs. */
	while (jobs_running(mask)) {
		cpu_relax();
		if (patience_spun(&patience))
			panic("CPUs 0x%x did not end their jobs after a deadlock was broken",
			      jobs_running(mask));
	}
	return whole;
}

/* A release, after everything the job did. */
static void job_done(struct cpu *cpu)
{
	if (guard(job_done_release))
		smp_store_release(&cpu->job, NULL);
	else
		WRITE_ONCE(cpu->job, NULL);
}

bool idle_turn(void)
{
	struct cpu *cpu = this_cpu();
	void (*function)(void *argument);

	irq_disable();
	function = guard(job_acquire) ? smp_load_acquire(&cpu->job) : READ_ONCE(cpu->job);
	if (!function) {
		cpu_idle();
		return false;
	}
	irq_enable();
	function(READ_ONCE(cpu->job_argument));
	job_done(cpu);
	return true;
}

_Noreturn void idle_loop(void)
{
	for (;;)
		idle_turn();
}
