/* SPDX-License-Identifier: MIT */
/*
 * A counterexample as a schedule for a machine (tests/lab/replay.h).
 *
 * A machine can hold a CPU only at race points. A block is a CPU's work from one point to the next,
 * and it runs as a whole. So a counterexample can be replayed if its blocks can run one after the
 * other, and any two steps keep their order if it matters.
 *
 * A machine takes an interrupt when it is sent, if the CPU has interrupts on. Then only the sender
 * knows when the handler has ended, and only where it waits for the handler. If interrupts are off,
 * the machine takes it as soon as the CPU has them on.
 */
#pragma once

#include "tools/interleave/item.h"

struct place {
	u8 cpu, point, nth; /* the CPU's nth time at the point */
};

#define MAX_PLACES 20u

/* The reason why a counterexample has no schedule, with steps by their numbers. */
enum obstacle {
	NO_OBSTACLE,
	TORN,	  /* step[2] has to come between step[0] and step[1], without a race point there */
	LATE,	  /* step[0], of an interrupt's sender, has to come before step[1], its handler's */
	UNKNOWN,  /* step[0], a handler's, has to come before step[1], but no CPU waits for it */
	NESTED,	  /* step[0] is an interrupt inside another's handler */
	TOO_LONG, /* more than MAX_PLACES */
	UNORDERED, /* anything else */
};

struct schedule {
	enum obstacle obstacle;
	unsigned step[3];
	unsigned nr;
	struct place place[MAX_PLACES];
};

/* awaited means that a shootdown's sender waits for its acknowledgements. */
struct schedule schedule_of(const struct item *items, unsigned nr, bool awaited);
