/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: the only way to spin.
 *
 *	if (!wait_until(READ_ONCE(word) == seq, WAIT_ACK, mask)) ...abandoned...
 *
 * wait_until() tests the condition; if it does not hold it publishes what this CPU waits for, on
 * whom and whether its interrupts are on, and spins (with the port's pause) until the condition
 * holds: true. It returns false only when the lab broke a deadlock that it had found among the
 * published waits; the caller then leaves as fast as it can. Past the deadline (deadline=, seconds)
 * it does not return: the machine stops with a screen that names this CPU, the wait and the CPUs
 * waited for. For WAIT_JOB the deadline runs only while those CPUs do nothing that can be seen.
 * `whom` is evaluated anew while spinning, so it can shrink as answers come in.
 */
#pragma once

#include "kernel/compiler.h"

enum wait_kind {
	WAIT_NONE,
	WAIT_ACK,    /* shootdown acks: whom answers in its interrupt handler or its own WAIT_ACK */
	WAIT_NOWAIT, /* nowait acks: whom answers at once, whatever it does */
	WAIT_GRACE,  /* the end of walks: whom is inside one */
	WAIT_CALL,   /* an IPI call's answers: whom answers in its interrupt handler */
	WAIT_LOCK,   /* a spin lock: whom holds it */
	WAIT_JOB,    /* the end of work given to other CPUs */
	WAIT_START,  /* a CPU coming up */
	WAIT_CLEAR,  /* the end of clears that a new CPU must not fall into: whom is in one */
	NR_WAIT_KINDS
};

extern const char *const wait_kind_name[NR_WAIT_KINDS];

/* A wait as other CPUs see it: written by its CPU only, by marked stores, number first and kind
 * last (kernel/wait/published.h). */
struct wait {
	const char *function;
	u32 line;
	u32 kind; /* enum wait_kind; WAIT_NONE: not waiting */
	cpumask_t whom;
	u32 irqs_on;
	u32 number; /* of waits this CPU began: tells one wait from the next */
	u32 spins;
	const char *file;
};

/*
 * What of a published wait decides about deadlock. A CPU in an ACK or CALL wait is answered by an
 * interrupt handler, so only a CPU that spins with interrupts off keeps it waiting; and a CPU in an
 * ACK wait serves others' shootdowns itself. Locks and jobs need the other CPU to go on.
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

/* The CPUs among waits[0 .. n) that none of the others can ever release: the largest set in which
 * each waits on a member. 0: no deadlock. Pure. */
cpumask_t wait_deadlock(const struct wait *waits, unsigned n);

/* The CPUs of a deadlock that was found while a variant was recorded (race_recording()): every
 * wait_until() returns false until whoever records it sets this to 0. */
extern cpumask_t wait_abandoned;

/* Seconds before a wait is a failure: deadline=. */
extern u32 wait_deadline_s;
/* Long waits may sleep, where a CPU can (CAP_NAP): true. The bench has them spin, to compare. */
extern bool wait_naps;

void wait_begin(enum wait_kind kind, cpumask_t whom, const char *function, unsigned line,
		const char *file);
bool wait_step(cpumask_t whom);
void wait_end(void);

#ifndef wait_until /* the explorer, which sees who stands where, brings its own */
/* A deadlock was broken: locks mean nothing any more, and what they protect is discarded. */
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
