/* SPDX-License-Identifier: MIT */
/* One space loaded on some CPUs, and the requests that a shootdown of it made of them. */
#pragma once
#include "arch/model/machine.h"
#include "tests/self/unit/machine.h"

#define VA 0x40ul

static struct mm mm;

static inline void new_machine(cpumask_t loaded)
{
	machine_reset();
	assert(mm_create(&mm));
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		if (loaded & BIT(cpu))
			load_on(cpu, &mm);
}

static inline unsigned asked(unsigned cpu)
{
	return model_ipis[cpu][IPI_SHOOTDOWN];
}

static inline bool flushed(unsigned cpu, vaddr_t start, vaddr_t end)
{
	return model_flushes[cpu].start == start && model_flushes[cpu].end == end;
}
