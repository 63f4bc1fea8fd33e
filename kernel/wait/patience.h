/* SPDX-License-Identifier: MIT */
/*
 * Deadlines, counted in time the other CPUs could have used.
 *
 * An emulator may run all CPUs in one thread of its host, each for a slice of 100 ms. No other CPU
 * runs while this one spins, so the wall clock alone says nothing about the others. Two rules
 * follow. A spin looks at the clock only now and then, because a clock is a device. QEMU's main
 * thread ends the slice, and it waits for the same lock as an access to a device. A long spin also
 * steps aside if its pause does not do so already.
 */
#pragma once

#include "kernel/compiler.h"

/* Turns of a spin from one look at the clock to the next. */
#define SPINS_PER_LOOK 1024u
/* The most counted between two looks, in ns. It is one such slice. */
#define LOOK_NS_MOST 100000000u

struct patience {
	u64 looked; /* clock_ns() at the last look, 0 before the first */
	u64 spent;  /* ns */
	u32 spins;  /* of patience_spun() */
};

/*
 * Call at each look of a waiting CPU, first with {0}. Returns true when deadline= has passed.
 *
 * Only time that the others could have used counts. From one look to the next it is a slice at
 * most, whatever the clock says. If the clock says more, this CPU itself did not run. A host
 * running CPUs in turns then gave each of the others one slice, and a host standing still gave them
 * none.
 */
bool patience_over(struct patience *patience);

/* Call at each turn of a spin. Looks as patience_over() does, at every SPINS_PER_LOOK-th turn. */
bool patience_spun(struct patience *patience);
/* As patience_spun(), with `seconds` in place of deadline=. */
bool patience_spun_for(struct patience *patience, u32 seconds);

/* Call between two turns of a long spin. This CPU sleeps for a moment, until a timer or an
 * interrupt to itself ends the sleep, so a host running CPUs in turns goes on to the next one.
 * Where cpu_relax() yields (CAP_RELAX_YIELDS) it is enough. Elsewhere nothing can be done with
 * interrupts off. */
void step_aside(void);
