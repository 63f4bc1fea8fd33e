/* SPDX-License-Identifier: MIT */
/* The model's CPUs, one of them running at a time. */
#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "kernel/printk.h"

struct model_cpu model_cpu[MODEL_CPUS];

static unsigned current_cpu;

void cpus_reset(void)
{
	current_cpu = 0;
	memset(model_cpu, 0, sizeof(model_cpu));
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
	return !model_cpu[cpu].irqs_off;
}

bool model_pending(unsigned cpu, enum ipi ipi)
{
	return model_cpu[cpu].pending & BIT(ipi);
}
