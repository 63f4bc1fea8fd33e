/* SPDX-License-Identifier: MIT */
/*
 * Spin locks. The word holds the owner's CPU number + 1, so a waiter can publish the CPU it waits
 * for.
 *
 * Take a lock with interrupts on if it may be held across a shootdown. A CPU spinning for it with
 * interrupts off would keep back the ack its owner waits for.
 */
#pragma once

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/irq.h>

#include "kernel/hooks/guard.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"

struct spinlock {
	u32 owner; /* CPU + 1, 0 if free (shared) */
};

static inline bool spin_trylock(struct spinlock *lock)
{
	return !READ_ONCE(lock->owner) && !atomic_cmpxchg(&lock->owner, 0, cpu_id() + 1);
}

static inline cpumask_t spin_owner(struct spinlock *lock)
{
	u32 owner = READ_ONCE(lock->owner);

	return owner ? BIT(owner - 1) : 0;
}

/* Acquire. If the wait was abandoned, takes the lock from its owner. The lab then discards the
 * protected data. */
static inline void spin_lock(struct spinlock *lock)
{
	assert(irqs_enabled());
	if (!wait_until(spin_trylock(lock), WAIT_LOCK, spin_owner(lock)))
		atomic_xchg(&lock->owner, cpu_id() + 1);
}

/* For locks never held across a shootdown, so they may be taken with interrupts off. Pass the
 * result to spin_unlock_irq(). */
static inline u32 spin_lock_irq(struct spinlock *lock)
{
	u32 flags = irq_save();

	if (!wait_until(spin_trylock(lock), WAIT_LOCK, spin_owner(lock)))
		atomic_xchg(&lock->owner, cpu_id() + 1);
	return flags;
}

/* Release. */
static inline void spin_unlock(struct spinlock *lock)
{
	if (guard(unlock_release))
		smp_store_release(&lock->owner, 0);
	else
		WRITE_ONCE(lock->owner, 0);
}

static inline void spin_unlock_irq(struct spinlock *lock, u32 flags)
{
	spin_unlock(lock);
	irq_restore(flags);
}
