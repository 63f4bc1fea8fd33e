/* SPDX-License-Identifier: MIT */
/*
 * Deadlines: how long this CPU has been waiting, and that the others had their chance meanwhile.
 *
 * An emulator may run all CPUs in one thread of its host, each for a slice of 100 ms. Then nobody
 * else does anything while this CPU spins, so the wall clock alone says nothing of them. Two rules
 * follow. A spin looks at the clock only now and then, because a clock is a device, and QEMU's main
 * thread, which ends the slice, waits for the same lock as an access to a device. And a spin that
 * has become long steps aside where its pause does not do that already.
 */
#pragma once

#include "kernel/compiler.h"

/* Turns of a spin from one look at the clock to the next. */
#define SPINS_PER_LOOK 1024u
/* What counts of the time between two looks, ns: one such slice. */
#define LOOK_NS_MOST 100000000u

struct patience {
	u64 looked; /* clock_ns() at the last look; 0: there was none */
	u64 spent;  /* ns */
	u32 spins;  /* of patience_spun() */
};

/*
 * At each look of a CPU that waits; {0} before the first one. True: deadline= has passed.
 *
 * What counts is the time that the others could have used. From one look to the next that is a
 * slice at the most, whatever the clock says. If it was longer, this CPU itself did not run: a host
 * that runs CPUs in turns gave each of the others one slice, and one that stood still gave them
 * none.
 */
bool patience_over(struct patience *patience);

/* The same at each turn of a spin: a look at every SPINS_PER_LOOK-th of them. */
bool patience_spun(struct patience *patience);
/* With another deadline than deadline=. */
bool patience_spun_for(struct patience *patience, u32 seconds);

/* Between two turns of a spin that has become long: this CPU sleeps for a moment, which a timer
 * ends, or an interrupt that it sends to itself. So a host that runs the CPUs in turns goes on to
 * the next one. Where cpu_relax() does that (CAP_RELAX_YIELDS) it is enough; else, with interrupts
 * off, nothing can be done. */
void step_aside(void);
