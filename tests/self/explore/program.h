/* SPDX-License-Identifier: MIT */
/*
 * Threads of a few accesses, written as one line:
 *
 *	x=1 wmb y=1 | r0=y rmb r1=x
 *
 * '|' stands between threads, a space between steps. Variables x, y, z, w and registers r0 to r7
 *are 0 at the beginning. x=1 x=1.rel		a store; smp_store_release()
 *	r0=x r0=x.acq		a load; smp_load_acquire()
 *	r0=*x			a load through an address that was loaded
 *	x|=1			a read-modify-write that returns nothing
 *	r0=x<-1			an exchange
 *	fill:x=1		x and all of its page, as one store
 *	mb rmb wmb		the barriers
 *	off on			interrupts
 *	map r0=walk		set_pte() of an address; does this CPU's hardware translate it?
 *				Then t is a variable in the same table.
 *	u=1			a store to x by the hardware, through a translation (of a user)
 *	ipte			takes the mapping of that page away, on all CPUs at once
 *	until:x=1		a spin
 *	call1:x=1 call1:r0=x	CPU 1 does so in an interrupt; awaited
 *	wake1:r0=x,y=1		the same of several steps, not awaited; once for each CPU. Its
 *				handler does nothing else, so that nothing in it is a barrier
 *	R=x			the register that says where the tables are gets x; at the end R
 *				is thread 1's
 */
#pragma once

#include "kernel/compiler.h"

#define PROGRAM_VARIABLES 4u
#define PROGRAM_SHARED	  3u /* x, y and z: what random programs are made of */
#define PROGRAM_REGISTERS 8u

/* The program whose threads program_run() runs from now on; it must stay. */
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

/* At an end: do the values hold that `asked` names ("r0=1 x=2")? */
bool program_holds(const char *asked);
/* At an end: all of them, as one number: 4 bits each. */
u64 program_outcome(void);
