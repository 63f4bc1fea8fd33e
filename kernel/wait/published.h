/* SPDX-License-Identifier: MIT */
/*
 * How a wait is published, and how another CPU copies it, whole or not at all.
 *
 * A wait has several words. A copy may stop between two of them, because an emulator's CPU stops
 * when its host runs another one. The copy may then begin in one wait and end in the next. Two
 * waits from different moments would read as one, and two CPUs as waiting for each other. So the
 * number is the first word a new wait changes, and a copy reads it first and last.
 */
#pragma once

#include <asm/barrier.h>

#include "kernel/wait/wait.h"

/* Call on the waiting CPU. Then write the other members of *wait and call wait_publish(). */
static inline void wait_renew(struct wait *wait)
{
	smp_wmb(); /* the end of the last wait, then the number */
	WRITE_ONCE(wait->number, READ_ONCE(wait->number) + 1);
	smp_wmb(); /* the number, then the members */
}

/* Call on the waiting CPU once all members are written. */
static inline void wait_publish(struct wait *wait, enum wait_kind kind)
{
	smp_store_release(&wait->kind, kind);
}

/* Call on the waiting CPU when the wait has ended. */
static inline void wait_withdraw(struct wait *wait)
{
	smp_store_release(&wait->kind, WAIT_NONE);
}

/* Call on any CPU. The kind is WAIT_NONE if there is no wait, or if a new one began during the
 * copy. */
static inline void wait_copy(const struct wait *from, struct wait *to)
{
	to->number = smp_load_acquire(&from->number);
	to->kind = smp_load_acquire(&from->kind);
	to->spins = READ_ONCE(from->spins);
	to->whom = READ_ONCE(from->whom);
	to->irqs_on = READ_ONCE(from->irqs_on);
	to->function = READ_ONCE(from->function);
	to->line = READ_ONCE(from->line);
	smp_rmb();
	if (READ_ONCE(from->number) != to->number)
		to->kind = WAIT_NONE;
}
