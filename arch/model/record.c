/* SPDX-License-Identifier: MIT */
/* Records for unit tests, not part of the machine's state, because no operation reads them. */
#include "arch/model/cpu.h"
#include "arch/model/model.h"
#include "kernel/printk.h"

#define RELAX_MAX 10000000u /* rounds of spinning in one test, or it would hang */

static unsigned relaxed;

void (*model_relax_hook)(void);
unsigned model_ipis[MODEL_CPUS][NR_IPIS];
unsigned model_barriers[NR_MODEL_BARRIERS];
struct model_flushes model_flushes[MODEL_CPUS];

void record_reset(void)
{
	relaxed = 0;
	model_relax_hook = NULL;
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++) {
		model_flushes[cpu] = (struct model_flushes){0};
		for (unsigned ipi = 0; ipi < NR_IPIS; ipi++)
			model_ipis[cpu][ipi] = 0;
	}
	for (unsigned kind = 0; kind < NR_MODEL_BARRIERS; kind++)
		model_barriers[kind] = 0;
}

void record_ipi(unsigned cpu, enum ipi ipi)
{
	model_ipis[cpu][ipi]++;
}

void record_barrier(enum model_barrier kind)
{
	model_barriers[kind]++;
}

void record_flush(unsigned cpu, vaddr_t start, vaddr_t end)
{
	model_flushes[cpu] = (struct model_flushes){model_flushes[cpu].count + 1, start, end};
}

void cpu_relax(void)
{
	if (relaxed++ == RELAX_MAX)
		panic("CPU %u spins for ever", cpu_id());
	if (model_relax_hook)
		model_relax_hook();
}
