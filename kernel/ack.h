/* SPDX-License-Identifier: MIT */
/*
 * Numbered requests and their acknowledgements: what a shootdown and an IPI call have in common.
 *
 * The asker numbers each request; a target acks by storing that number, after it has done what was
 * asked. So an ack that comes late can never be taken for one of a later request, and a silent CPU
 * has a name. All accesses are marked; ack_give() is a release, ack_missing() an acquire.
 */
#pragma once

#include <asm/barrier.h>

#include "kernel/cpumask.h"

struct ack_box {
	u32 number;	   /* of the newest request; 0: none yet */
	u32 ack[MAX_CPUS]; /* by target: the newest request it has served */
};

/* Asker: the request's words were stored; numbers it. */
static inline void ack_ask(struct ack_box *box)
{
	smp_store_release(&box->number, READ_ONCE(box->number) + 1);
}

/* Target: the number to ack; what it reads of the request afterwards belongs to it. */
static inline u32 ack_number(struct ack_box *box)
{
	return smp_load_acquire(&box->number);
}

static inline void ack_give(struct ack_box *box, unsigned target, u32 number)
{
	smp_store_release(&box->ack[target], number);
}

/* Asker: those of `targets` that have not acked the newest request. */
static inline cpumask_t ack_missing(struct ack_box *box, cpumask_t targets)
{
	cpumask_t missing = 0;
	unsigned cpu;

	for_each_cpu (cpu, targets) {
		if (smp_load_acquire(&box->ack[cpu]) != READ_ONCE(box->number))
			missing |= BIT(cpu);
	}
	return missing;
}
