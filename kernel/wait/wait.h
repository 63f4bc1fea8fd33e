/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: the only way to spin.
 *
 *	if (!wait_until(READ_ONCE(word) == seq, WAIT_ACK, mask)) ...abandoned...
 *
 * wait_until() tests the condition. If it does not hold, this CPU publishes the kind of its wait,
 * the CPUs it waits for, and whether its interrupts are on. It spins with the port's pause until
 * the condition holds, and returns true. `whom` is evaluated anew while spinning, so it can shrink
 * as answers come in.
 *
 * Returns false only when the lab broke a deadlock among the published waits. The caller then
 * leaves as fast as it can. Past the deadline (deadline=, seconds) it does not return. The machine
 * stops with a screen naming this CPU, the wait and the CPUs waited for. For WAIT_JOB the deadline
 * runs only while those CPUs do nothing visible.
 */
#pragma once

#include "kernel/compiler.h"

enum wait_kind {
	WAIT_NONE,
	WAIT_ACK,    /* shootdown acks, from an interrupt handler or the target's own WAIT_ACK */
	WAIT_NOWAIT, /* nowait acks, given at once in any state of the target */
	WAIT_GRACE,  /* the end of walks on these CPUs */
	WAIT_CALL,   /* an IPI call's answers, from an interrupt handler */
	WAIT_LOCK,   /* a spin lock, until its owner releases it */
	WAIT_READ,   /* a lock for reading, until its writer releases it (kernel/wait/rwlock.h) */
	WAIT_WRITE,  /* the same for writing, until the readers or another writer release it */
	WAIT_JOB,    /* the end of work given to other CPUs */
	WAIT_START,  /* a CPU coming up */
	WAIT_CLEAR,  /* the end of clears on these CPUs, because a new CPU must not fall into one */
	NR_WAIT_KINDS
};

extern const char *const wait_kind_name[NR_WAIT_KINDS];

/* A wait as other CPUs see it. Only its own CPU writes it, by marked stores, number first and kind
 * last (kernel/wait/published.h). */
struct wait {
	const char *function;
	u32 line;
	u32 kind; /* enum wait_kind, WAIT_NONE if not waiting */
	cpumask_t whom;
	u32 irqs_on;
	u32 number; /* of waits this CPU began, to tell one from the next */
	u32 spins;
	const char *file;
};

/*
 * Decides for wait_deadlock() whether `other` keeps `waiter` waiting. An interrupt handler answers
 * an ACK or CALL wait, so only a CPU spinning with interrupts off can hold one up. A CPU in an ACK
 * wait serves others' shootdowns itself. Locks and jobs need the other CPU to go on.
 */
static inline bool wait_is_on(const struct wait *waiter, const struct wait *other)
{
	if (other->kind == WAIT_NONE)
		return false;
	if (waiter->kind == WAIT_NOWAIT)
		return false;
	if (waiter->kind == WAIT_ACK)
		return !other->irqs_on && other->kind != WAIT_ACK;
	if (waiter->kind == WAIT_CALL)
		return !other->irqs_on;
	return true;
}

/* Returns the largest set of CPUs among waits[0 .. n) in which each waits on a member, so no other
 * CPU can ever release them. Returns 0 if there is no deadlock. Pure. */
cpumask_t wait_deadlock(const struct wait *waits, unsigned n);

/* The CPUs of a deadlock found while a variant was recorded (race_recording()). Every wait_until()
 * returns false until the recorder sets this to 0. */
extern cpumask_t wait_abandoned;

/* Seconds before a wait is a failure (deadline=). */
extern u32 wait_deadline_s;
/* Long waits may sleep if the CPU can (CAP_NAP). The bench turns this off to compare. */
extern bool wait_naps;

void wait_begin(enum wait_kind kind, cpumask_t whom, const char *function, unsigned line,
		const char *file);
bool wait_step(cpumask_t whom);
void wait_end(void);

#ifndef wait_until /* the explorer sees where each CPU stands and brings its own */
/* Returns true after a deadlock was broken. Locks then mean nothing, and their data is
 * discarded. */
static inline bool wait_is_abandoned(void)
{
	return READ_ONCE(wait_abandoned);
}

#define wait_until(condition, kind, whom)                                                          \
	({                                                                                         \
		bool met_ = (condition);                                                           \
		if (!met_) {                                                                       \
			wait_begin((kind), (whom), __func__, __LINE__, __FILE__);                  \
			while (!(met_ = (condition)) && wait_step(whom))                           \
				;                                                                  \
			wait_end();                                                                \
		}                                                                                  \
		met_;                                                                              \
	})
#else
static inline bool wait_is_abandoned(void)
{
	return false;
}
#endif
