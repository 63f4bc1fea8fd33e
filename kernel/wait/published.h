/* SPDX-License-Identifier: MIT */
/*
 * How a wait is published, and how another CPU copies it: whole, or as none.
 *
 * A wait has several words, so a copy that stops between two of them, as an emulator's CPU does
 * when its host runs another one, may begin in one wait and end in the next. Two waits that never
 * stood at the same time would then read as one, and two CPUs as waiting for each other. So the
 * number is the first word that a new wait changes, and a copy reads it first and last.
 */
#pragma once

#include <asm/barrier.h>

#include "kernel/wait/wait.h"

/* Its own CPU. The other members of *wait follow, then wait_publish(). */
static inline void wait_renew(struct wait *wait)
{
	smp_wmb(); /* the wait before is over, then the number */
	WRITE_ONCE(wait->number, READ_ONCE(wait->number) + 1);
	smp_wmb(); /* the number, then the members */
}

/* Its own CPU: all members are there. */
static inline void wait_publish(struct wait *wait, enum wait_kind kind)
{
	smp_store_release(&wait->kind, kind);
}

/* Its own CPU: the wait is over. */
static inline void wait_withdraw(struct wait *wait)
{
	smp_store_release(&wait->kind, WAIT_NONE);
}

/* Any CPU. kind WAIT_NONE: there is no wait, or another one than when the copy began. */
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
