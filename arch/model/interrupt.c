/* SPDX-License-Identifier: MIT */
/* Interrupts, sent, held back and taken, and the sleep until one comes. */
#include <asm/irq.h>

#include "arch/model/cpu.h"
#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/wait/wait.h"

bool model_slow_ipis, model_concurrent;
void (*model_wake_hook)(void);

void interrupts_reset(void)
{
	model_slow_ipis = false;
	model_wake_hook = NULL;
}

static struct model_cpu *me(void)
{
	return &model_cpu[cpu_id()];
}

static void handle(enum ipi ipi)
{
	switch (ipi) {
	case IPI_SHOOTDOWN:
		interrupt_shootdown();
		break;
	case IPI_SHOOTDOWN_NOWAIT:
		if (!interrupt_nowait())
			panic("CPU %u: an NMI for nothing", cpu_id());
		break;
	case IPI_CALL:
		interrupt_call();
		break;
	case IPI_WAKE:
		(model_wake_hook ? model_wake_hook : interrupt_wake)();
		break;
	case NR_IPIS:
		break;
	}
}

/* An NMI waits only for the end of another NMI. */
bool model_deliverable(unsigned cpu, enum ipi ipi)
{
	bool nmi = ipi == IPI_SHOOTDOWN_NOWAIT;

	return model_pending(cpu, ipi) && !(nmi ? model_cpu[cpu].in_nmi : model_cpu[cpu].irqs_off);
}

void model_interrupt(enum ipi ipi)
{
	struct model_cpu *cpu = me();
	bool off = cpu->irqs_off, nmi = ipi == IPI_SHOOTDOWN_NOWAIT;

	cpu->pending &= ~BIT(ipi);
	cpu->asleep = false;
	cpu->irqs_off = true;
	cpu->in_nmi |= nmi;
	cpu->level++;
	handle(ipi);
	cpu->level--;
	cpu->in_nmi &= !nmi;
	cpu->irqs_off = off;
}

/*
 * Begins again with the first kind after each interrupt, because its handler may have sent another.
 */
void model_deliver(unsigned cpu)
{
	unsigned before = model_switch_cpu(cpu), ipi = 0;

	while (ipi < NR_IPIS) {
		if (!model_deliverable(cpu, ipi)) {
			ipi++;
			continue;
		}
		model_interrupt(ipi);
		ipi = 0;
	}
	model_switch_cpu(before);
}

void ipi_send(unsigned cpu, enum ipi ipi)
{
	struct op op = {
		.kind = OP_IPI, .target = (u8)cpu, .value = ipi, .pc = __builtin_return_address(0)};

	assert(cpu < MODEL_CPUS && cpu != cpu_id());
	record_ipi(cpu, ipi);
	if (model_submit && model_submit(&op))
		return;
	model_cpu[cpu].pending |= BIT(ipi);
	if (!model_slow_ipis)
		model_deliver(cpu);
}

bool irqs_enabled(void)
{
	return !me()->irqs_off;
}

/* pc is in the code of the caller. */
static void turn_off(const void *pc)
{
	struct op op = {.kind = OP_IRQ_OFF, .pc = pc};

	if (model_concurrent && !me()->irqs_off)
		model_submit(&op);
	me()->irqs_off = true;
}

void irq_disable(void)
{
	turn_off(__builtin_return_address(0));
}

/* In an exploration a pending interrupt may come from here on, before any later operation. */
void irq_enable(void)
{
	me()->irqs_off = false;
	if (!model_concurrent)
		model_deliver(cpu_id());
}

u32 irq_save(void)
{
	u32 flags = irqs_enabled();

	turn_off(__builtin_return_address(0));
	return flags;
}

void irq_restore(u32 flags)
{
	if (flags)
		irq_enable();
}

/* Each change of memory lets the explorer's spin look once more. At most one of these two happens
 * at a time. */
bool cpu_nap(u32 us)
{
	struct model_cpu *cpu = me();

	(void)us;
	assert(model_concurrent && !cpu->waiting);
	cpu->asleep = cpu->waiting = true;
	cpu->news = false;
	irq_enable();
	while (cpu->asleep)
		model_wait(WAIT_JOB);
	cpu->waiting = cpu->news = false;
	return true;
}

void cpu_idle(void)
{
	if (model_concurrent)
		cpu_nap(0);
	else
		irq_enable();
}
