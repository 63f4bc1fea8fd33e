/* SPDX-License-Identifier: MIT */
#include "kernel/job.h"

#include <asm/atomic.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/calls.h"
#include "kernel/nap.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"

struct cpu cpus[MAX_CPUS];
cpumask_t cpus_online;

void job_give(unsigned cpu, void (*function)(void *argument), void *argument)
{
	assert(!READ_ONCE(cpus[cpu].job));
	WRITE_ONCE(cpus[cpu].job_argument, argument);
	smp_store_release(&cpus[cpu].job, function);
	smp_mb();
	ipi_send(cpu, IPI_WAKE);
}

/* The barest answer to an interrupt that another CPU can see. */
void interrupt_wake(void)
{
	struct cpu *cpu = this_cpu();

	WRITE_ONCE(cpu->wakes, cpu->wakes + 1);
	nap_end();
}

static cpumask_t jobs_running(cpumask_t mask)
{
	cpumask_t running = 0;
	unsigned cpu;

	for_each_cpu (cpu, mask) {
		if (smp_load_acquire(&cpus[cpu].job))
			running |= BIT(cpu);
	}
	return running;
}

bool job_wait(cpumask_t mask)
{
	bool whole = wait_until(!jobs_running(mask), WAIT_JOB, jobs_running(mask));
	struct patience patience = {0};

	/* Abandoned: the others' waits end as well, and so do their jobs. */
	while (jobs_running(mask)) {
		cpu_relax();
		if (patience_spun(&patience))
			panic("CPUs 0x%x did not end their jobs after a deadlock was broken",
			      jobs_running(mask));
	}
	return whole;
}

_Noreturn void idle_loop(void)
{
	struct cpu *cpu = this_cpu();

	for (;;) {
		void (*function)(void *argument);

		irq_disable();
		function = smp_load_acquire(&cpu->job);
		if (!function) {
			cpu_idle();
			continue;
		}
		irq_enable();
		function(READ_ONCE(cpu->job_argument));
		smp_store_release(&cpu->job, NULL);
	}
}
