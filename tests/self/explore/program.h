/* SPDX-License-Identifier: MIT */
/*
 * Threads of a few accesses, written as one line:
 *
 *	x=1 wmb y=1 | r0=y rmb r1=x
 *
 * '|' stands between threads, a space between steps. Variables x, y, z, w and registers r0 to r7
 * are 0 at the beginning.
 *
 *	x=1 x=1.rel		a store; smp_store_release()
 *	r0=x r0=x.acq		a load; smp_load_acquire()
 *	r0=*x			a load through a loaded address
 *	x|=1			a read-modify-write that returns nothing
 *	r0=x<-1			an exchange
 *	fill:x=1		x and all of its page, as one store
 *	mb rmb wmb		the barriers
 *	off on			interrupts
 *	map r0=walk		set_pte() of an address; does this CPU's hardware translate it?
 *				Then t is a variable in the same table
 *	u=1			a store to x by the hardware, through a translation (of a user)
 *	ipte			takes the mapping of that page away, on all CPUs at once
 *	until:x=1		a spin
 *	call1:x=1 call1:r0=x	CPU 1 does so in an interrupt, awaited
 *	wake1:r0=x,y=1		the same of several steps, not awaited, once for each CPU. Its
 *				handler does nothing else, so it has no barrier
 *	R=x			the register with the place of the tables gets x; at the end R
 *				is thread 1's
 */
#pragma once

#include "kernel/compiler.h"

#define PROGRAM_VARIABLES 4u
#define PROGRAM_SHARED	  3u /* x, y and z, the variables of random programs */
#define PROGRAM_REGISTERS 8u

/* Sets the program for program_run(). Keep the text as long as it is used. */
void program_set(const char *threads);
unsigned program_threads(void);
/* Does it ask the hardware's walker? */
bool program_walks(void);
/* Does it need a flush that reaches every CPU? */
bool program_broadcasts(void);

/* For struct exploration. */
void program_setup(const void *context);
void program_run(unsigned cpu);
const char *program_role(unsigned cpu);

/* Called at an end. Do all values of `asked` ("r0=1 x=2") hold? */
bool program_holds(const char *asked);
/* Called at an end. Returns all of them as one number, 4 bits each. */
u64 program_outcome(void);
