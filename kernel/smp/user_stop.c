/* SPDX-License-Identifier: MIT */
/* Marks a CPU to end the spins of its programs, and looks at the mark. */
#include "kernel/smp/user_stop.h"

#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/smp/smp_call.h"

bool user_spin_begin(void)
{
	struct cpu *cpu = this_cpu();

	if (READ_ONCE(cpu->user_stop))
		return false;
	WRITE_ONCE(cpu->user_spins, true);
	return true;
}

bool user_spin_end(bool called)
{
	struct cpu *cpu = this_cpu();
	bool went_on = READ_ONCE(cpu->user_spins);

	if (called && went_on && READ_ONCE(cpu->user_stop))
		panic("CPU %u went back to user mode after a stop", cpu_id());
	WRITE_ONCE(cpu->user_spins, false);
	return went_on;
}

/* Other accesses of a program are short and end by themselves. */
bool user_stop_due(void)
{
	struct cpu *cpu = this_cpu();

	if (!READ_ONCE(cpu->user_spins) || !READ_ONCE(cpu->user_stop))
		return false;
	WRITE_ONCE(cpu->user_spins, false);
	return true;
}

static void stop_here(void *unused)
{
	(void)unused;
	WRITE_ONCE(this_cpu()->user_stop, true);
}

void user_stop_cpu(unsigned cpu)
{
	call_cpus(BIT(cpu), stop_here, NULL);
}

void user_stop_forget(unsigned cpu)
{
	WRITE_ONCE(cpus[cpu].user_stop, false);
}
