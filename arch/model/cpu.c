/* SPDX-License-Identifier: MIT */
#include "arch/model/cpu.h"

#include <asm/irq.h>

#include "arch/model/model.h"
#include "kernel/calls.h"
#include "kernel/printk.h"

#define RELAX_MAX 10000000u /* rounds of spinning in one test; it would hang otherwise */

static unsigned current_cpu, relaxed;
static bool irqs_off[MODEL_CPUS];
static u32 pending[MODEL_CPUS]; /* bit: enum ipi */

void (*model_relax_hook)(void);
bool model_slow_ipis;
unsigned model_ipis[MODEL_CPUS][NR_IPIS];
unsigned model_barriers[NR_MODEL_BARRIERS];

void cpus_reset(void)
{
	current_cpu = relaxed = 0;
	model_relax_hook = NULL;
	model_slow_ipis = false;
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++) {
		irqs_off[cpu] = false;
		pending[cpu] = 0;
		for (unsigned ipi = 0; ipi < NR_IPIS; ipi++)
			model_ipis[cpu][ipi] = 0;
	}
	for (unsigned kind = 0; kind < NR_MODEL_BARRIERS; kind++)
		model_barriers[kind] = 0;
}

unsigned cpu_id(void)
{
	return current_cpu;
}

unsigned smp_count(void)
{
	return MODEL_CPUS;
}

unsigned model_switch_cpu(unsigned cpu)
{
	unsigned before = current_cpu;

	assert(cpu < MODEL_CPUS);
	current_cpu = cpu;
	return before;
}

bool model_irqs_on(unsigned cpu)
{
	return !irqs_off[cpu];
}

bool model_pending(unsigned cpu, enum ipi ipi)
{
	return pending[cpu] & BIT(ipi);
}

static void handle(enum ipi ipi)
{
	switch (ipi) {
	case IPI_SHOOTDOWN:
		interrupt_shootdown();
		break;
	case IPI_SHOOTDOWN_NOSYNC:
		if (!interrupt_nosync())
			panic("CPU %u: an NMI for nothing", current_cpu);
		break;
	case IPI_CALL:
		interrupt_call();
		break;
	case IPI_WAKE:
	case NR_IPIS:
		break;
	}
}

static u32 deliverable(unsigned cpu)
{
	return irqs_off[cpu] ? pending[cpu] & BIT(IPI_SHOOTDOWN_NOSYNC) : pending[cpu];
}

/* Takes the CPU's pending interrupts, if it can be interrupted, as that CPU. */
void model_deliver(unsigned cpu)
{
	unsigned before = model_switch_cpu(cpu);

	while (deliverable(cpu)) {
		enum ipi ipi = (enum ipi)__builtin_ctz(deliverable(cpu));
		bool off = irqs_off[cpu];

		pending[cpu] &= ~BIT(ipi);
		irqs_off[cpu] = true;
		handle(ipi);
		irqs_off[cpu] = off;
	}
	model_switch_cpu(before);
}

void ipi_send(unsigned cpu, enum ipi ipi)
{
	assert(cpu < MODEL_CPUS && cpu != current_cpu);
	model_ipis[cpu][ipi]++;
	pending[cpu] |= BIT(ipi);
	if (!model_slow_ipis)
		model_deliver(cpu);
}

bool irqs_enabled(void)
{
	return !irqs_off[current_cpu];
}

void irq_disable(void)
{
	irqs_off[current_cpu] = true;
}

void irq_enable(void)
{
	irqs_off[current_cpu] = false;
	model_deliver(current_cpu);
}

u32 irq_save(void)
{
	u32 flags = irqs_enabled();

	irq_disable();
	return flags;
}

void irq_restore(u32 flags)
{
	if (flags)
		irq_enable();
}

void cpu_idle(void)
{
	irq_enable();
}

void model_barrier(enum model_barrier kind)
{
	model_barriers[kind]++;
}

void cpu_relax(void)
{
	if (relaxed++ == RELAX_MAX)
		panic("CPU %u spins for ever", current_cpu);
	if (model_relax_hook)
		model_relax_hook();
}
