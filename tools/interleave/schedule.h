/* SPDX-License-Identifier: MIT */
/*
 * A counterexample as a schedule for a machine (tests/lab/replay.h).
 *
 * A machine can hold a CPU at race points alone. What a CPU does from one point to the next is a
 * block, which runs as a whole; so the steps of a counterexample can be replayed if blocks, one
 * after the other, can come in an order that keeps every two steps in order whose order matters.
 *
 * An interrupt comes where the machine lets it: when it is sent, if the CPU has interrupts on, and
 * then nothing tells others when its handler is over but the sender, where it waits for that; or
 * else as soon as the CPU has interrupts on.
 */
#pragma once

#include "tools/interleave/item.h"

struct place {
	u8 cpu, point, nth; /* the CPU's nth time at the point */
};

#define MAX_PLACES 20u

/* Why a counterexample has none. Steps by their numbers: */
enum obstacle {
	NO_OBSTACLE,
	TORN,	  /* step[2] has to come between step[0] and step[1], where no race point is */
	LATE,	  /* step[0], of an interrupt's sender, has to come before step[1], its handler's */
	UNKNOWN,  /* step[0], a handler's, has to come before step[1], and nobody waits for it */
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

/* awaited: a shootdown's sender waits for its acknowledgements. */
struct schedule schedule_of(const struct item *items, unsigned nr, bool awaited);
