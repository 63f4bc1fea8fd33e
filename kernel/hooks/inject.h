/* SPDX-License-Identifier: MIT */
/*
 * Faults planted by the command line (fault.*), to see the machine report them.
 */
#pragma once

#include "kernel/compiler.h"

/* The trap of fault.trap=, raised once the machine is up. NULL if none. */
extern const char *inject_trap_name;
/* Raises one of the port's planted_traps[]. Returns false if none has this name. */
bool trap_raise(const char *name);
/* Writes "ud, pf, ..." for a message. */
void trap_raise_names(char *buffer, size_t size);
/* The CPU of fault.noack=, fault.freeze=, fault.silent= and fault.late=, or MAX_CPUS. The number of
 * fault.oom=, or 0. Constant once the command line has been read. */
extern u32 inject_noack_cpu, inject_freeze_cpu, inject_silent_cpu, inject_late_cpu,
	inject_oom_number;

/* Refuses the run if the machine lacks one of these CPUs. */
void inject_refuse_missing_cpus(unsigned count);
/* Returns a message naming a planted fault that has not happened so far, because a run without it
 * shows nothing. Returns NULL if each has happened. */
const char *inject_not_happened(void);

/* Holds the CPU of fault.late= until the boot CPU has stopped waiting for it. */
void inject_spin_until_late(void);

/* The n-th frame asked for from here on is not to be had, once. Call while no other CPU asks for
 * frames. */
void inject_oom_after(u32 n);
/* Ends it. Returns whether it has happened. */
bool inject_oom_end(void);

/* Only for inject_freeze() and inject_oom(). inject_oom_left is 0, or how many frames are asked for
 * until one is not to be had. */
extern u32 inject_oom_left;
void inject_freeze_now(void);
bool inject_oom_now(vaddr_t caller);

#ifdef ZAPWALK_LAB
#define FAULTS_PLANTED 1
#else
#define FAULTS_PLANTED 0
#endif

/* True on the CPU of fault.noack=, which never acknowledges a shootdown. */
static inline bool inject_noack(unsigned cpu)
{
	return FAULTS_PLANTED && unlikely(inject_noack_cpu == cpu);
}

/* Call in the handlers other CPUs wait for. The CPU of fault.freeze= does nothing at all from then
 * on. It is never CPU 0, because CPU 0 gives out the work, and no CPU waits for it while the others
 * sleep. */
static inline void inject_freeze(unsigned cpu)
{
	if (FAULTS_PLANTED && unlikely(inject_freeze_cpu == cpu))
		inject_freeze_now();
}

/* Returns true for the frame allocation that fault.oom= or a scenario fails. caller is an address
 * in the function asking for the frame. */
static inline bool inject_oom(vaddr_t caller)
{
	return FAULTS_PLANTED && unlikely(inject_oom_number || inject_oom_left) &&
	       inject_oom_now(caller);
}
