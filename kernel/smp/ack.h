/* SPDX-License-Identifier: MIT */
/*
 * Numbered requests and their acknowledgements, as shootdowns and IPI calls both need them.
 *
 * The asker numbers each request. A target acks by storing this number after it has done its work.
 * So a late ack can never be taken for one of a later request, and a silent CPU has a name. All
 * accesses are marked. ack_give() is a release, and ack_missing() is an acquire.
 *
 * The number and the request's own words need no order among themselves. The asker has a barrier
 * between them and the posting that tells the target of them. The target takes the posting by an
 * exchange, and an exchange is a full barrier. Before every target has acked, the asker changes
 * none of them.
 */
#pragma once

#include <asm/barrier.h>

#include "kernel/hooks/guard.h"
#include "kernel/smp/cpumask.h"

struct ack_box {
	u32 number;	   /* of the newest request, 0 if none yet */
	u32 ack[MAX_CPUS]; /* by target, the newest request it has served */
};

/* The asker numbers the request. At least a write barrier must follow before the posting. */
static inline void ack_ask(struct ack_box *box)
{
	WRITE_ONCE(box->number, READ_ONCE(box->number) + 1);
}

/* The number a target must ack. Call after the exchange that took the posting. */
static inline u32 ack_number(struct ack_box *box)
{
	return READ_ONCE(box->number);
}

/* The target has done its work. */
static inline void ack_give(struct ack_box *box, unsigned target, u32 number)
{
	if (guard(ack_release))
		smp_store_release(&box->ack[target], number);
	else
		WRITE_ONCE(box->ack[target], number);
}

static inline u32 ack_given(struct ack_box *box, unsigned target)
{
	return guard(ack_acquire) ? smp_load_acquire(&box->ack[target])
				  : READ_ONCE(box->ack[target]);
}

/* Returns for the asker the CPUs in `targets` without an ack of the newest request. */
static inline cpumask_t ack_missing(struct ack_box *box, cpumask_t targets)
{
	cpumask_t missing = 0;
	unsigned cpu;

	for_each_cpu (cpu, targets) {
		if (ack_given(box, cpu) != READ_ONCE(box->number))
			missing |= BIT(cpu);
	}
	return missing;
}
