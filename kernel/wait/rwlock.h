/* SPDX-License-Identifier: MIT */
/*
 * A lock for many readers or one writer, and the type of mm->mmap_lock. A wait for it publishes the
 * CPUs waited for. A writer names the readers inside, and a reader names the writer. So the
 * deadlock finder follows it like a spin lock.
 *
 * A reader announces itself and then looks for a writer. A writer takes the writer's word and then
 * looks for readers. Each does so in full order, so at least one of the two sees the other. The
 * reader then takes its announcement back, and the writer waits.
 *
 * A writer waits only for the readers that are inside already, because every later reader finds the
 * writer's word taken and stays out. So readers cannot keep a writer out for ever. Nothing orders
 * writers among each other, and nothing orders a waiting reader before the next writer.
 *
 * Linux has struct rw_semaphore there. Its readers are only counted, so nobody can name them.
 *
 * Take it with interrupts on, because it is held across shootdowns. A CPU holds one at most. If a
 * reader came twice, or became the writer, it would wait for itself (kernel/wait/lock_order.h).
 */
#pragma once

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/irq.h>

#include "kernel/hooks/guard.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/lock_order.h"

struct rwlock {
	cpumask_t readers; /* shared, the CPUs inside, or about to find out that they may not be */
	u32 writer;	   /* shared, CPU + 1 from before it waits for the readers, 0 if none */
};

static inline cpumask_t write_owner(struct rwlock *lock)
{
	u32 writer = READ_ONCE(lock->writer);

	return writer ? BIT(writer - 1) : 0;
}

/* Acquire once it is 0. What the readers did comes before what the writer does. */
static inline cpumask_t read_owners(struct rwlock *lock)
{
	return guard(write_lock_acquire) ? smp_load_acquire(&lock->readers)
					 : READ_ONCE(lock->readers);
}

/* Full order, so that the look at the writer's word comes after it. */
static inline void read_announce(struct rwlock *lock)
{
	cpumask_t me = BIT(cpu_id());

	if (guard(read_lock_mb))
		assert(!(atomic_fetch_add(&lock->readers, me) & me));
	else
		atomic_or(&lock->readers, me);
}

static inline bool read_attempt(struct rwlock *lock)
{
	u32 writer;

	if (READ_ONCE(lock->writer))
		return false;
	read_announce(lock);
	writer = guard(read_lock_acquire) ? smp_load_acquire(&lock->writer)
					  : READ_ONCE(lock->writer);
	if (!writer)
		return true;
	atomic_and(&lock->readers, ~BIT(cpu_id()));
	return false;
}

/* Acquire on success. On failure nothing is left of the attempt. Interrupts in any state. */
static inline bool read_trylock(struct rwlock *lock)
{
	if (!read_attempt(lock))
		return false;
	lock_order_enter(LOCK_MMAP);
	return true;
}

/* Acquire. If the wait was abandoned, this CPU is a reader beside the writer. The lab then discards
 * the protected data. The same goes for write_lock(). */
static inline void read_lock(struct rwlock *lock)
{
	assert(irqs_enabled());
	lock_order_enter(LOCK_MMAP);
	if (!wait_until(read_attempt(lock), WAIT_READ, write_owner(lock)))
		read_announce(lock);
}

/* Release. Full order, because an atomic operation of less has none at all. */
static inline void read_unlock(struct rwlock *lock)
{
	cpumask_t me = BIT(cpu_id());

	if (guard(unlock_release))
		assert(atomic_fetch_add(&lock->readers, -me) & me);
	else
		atomic_and(&lock->readers, ~me);
	lock_order_leave(LOCK_MMAP);
}

static inline bool write_claim(struct rwlock *lock)
{
	return !READ_ONCE(lock->writer) && !atomic_cmpxchg(&lock->writer, 0, cpu_id() + 1);
}

/* Acquire. */
static inline void write_lock(struct rwlock *lock)
{
	assert(irqs_enabled());
	lock_order_enter(LOCK_MMAP);
	if (!wait_until(write_claim(lock), WAIT_WRITE, write_owner(lock)) ||
	    !wait_until(!read_owners(lock), WAIT_WRITE, read_owners(lock)))
		atomic_xchg(&lock->writer, cpu_id() + 1);
}

/* Release. */
static inline void write_unlock(struct rwlock *lock)
{
	if (guard(unlock_release))
		smp_store_release(&lock->writer, 0);
	else
		WRITE_ONCE(lock->writer, 0);
	lock_order_leave(LOCK_MMAP);
}
