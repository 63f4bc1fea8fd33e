/* SPDX-License-Identifier: MIT */
/* Stopping CPUs. A panic stops them by the interrupt left on by irq_disable(). It also reaches a
 * CPU that spins with its interrupts off, and the panic screen must show its address. */
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "arch/mips/stop.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/ipi.h>
#include <asm/irq.h>
#include <asm/smp.h>

/* An interrupt takes microseconds, but the host thread of an emulated CPU may not run for tens of
 * ms. */
#define STOP_US 1000000u

static u32 stopper; /* CPU + 1, or 0 if no CPU stops the others */

void cpu_stop(void)
{
	irq_set_status(irq_flags() & ~STATUS_IE);
	for (;;)
		cpu_wait();
}

void mips_stop_if_asked(vaddr_t pc)
{
	struct mips_cpu *c = mips_this_cpu();
	u32 by = READ_ONCE(stopper);

	if (!by || by == cpu_id() + 1)
		return;
	WRITE_ONCE(c->stopped_at, pc == (vaddr_t)mips_idle_end ? 0 : pc);
	smp_store_release(&c->stopped, 1);
	cpu_stop();
}

static bool all_stopped(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (cpu != cpu_id() && READ_ONCE(mips_cpus[cpu].live) &&
		    !READ_ONCE(mips_cpus[cpu].stopped))
			return false;
	return true;
}

void smp_stop_others(void)
{
	u64 from = clock_cycles(), patience = (u64)STOP_US * clock_cycles_per_us();

	WRITE_ONCE(stopper, cpu_id() + 1);
	smp_mb();
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (cpu != cpu_id() && READ_ONCE(mips_cpus[cpu].live))
			ipi_send(cpu, IPI_SHOOTDOWN_NOWAIT);
	while (!all_stopped() && clock_cycles() - from < patience)
		cpu_relax();
}

bool smp_stopped(unsigned cpu, vaddr_t *pc)
{
	*pc = 0;
	if (!READ_ONCE(mips_cpus[cpu].live))
		return true;
	if (!smp_load_acquire(&mips_cpus[cpu].stopped))
		return false;
	*pc = READ_ONCE(mips_cpus[cpu].stopped_at);
	return true;
}
