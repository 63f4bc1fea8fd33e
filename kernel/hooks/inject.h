/* SPDX-License-Identifier: MIT */
/*
 * Faults that the command line plants (fault.*), to see that the machine reports them.
 */
#pragma once

#include "kernel/compiler.h"

/* fault.trap=<name>: raised once the machine is up; NULL: none. */
extern const char *inject_trap_name;
/* Raises one of the port's planted_traps[]: false if it has none of that name. */
bool trap_raise(const char *name);
/* "ud, pf, ...", for a message. */
void trap_raise_names(char *buffer, size_t size);
/* fault.noack=, fault.freeze=, fault.silent=, fault.late=: a CPU, or MAX_CPUS. fault.oom=: a
 * number, or 0. Constant after the command line was read. */
extern u32 inject_noack_cpu, inject_freeze_cpu, inject_silent_cpu, inject_late_cpu,
	inject_oom_number;

/* Refuses a CPU that the machine does not have. */
void inject_refuse_missing_cpus(unsigned count);
/* A message that names a planted fault that has not happened so far, because a run without it shows
 * nothing. NULL: each has happened. */
const char *inject_not_happened(void);

/* The CPU that comes up only after the boot CPU has stopped waiting for it. */
void inject_spin_until_late(void);

/* For the two below. */
void inject_freeze_now(void);
bool inject_oom_now(vaddr_t caller);

#ifdef ZAPWALK_LAB
#define FAULTS_PLANTED 1
#else
#define FAULTS_PLANTED 0
#endif

/* The CPU that never acknowledges a shootdown. */
static inline bool inject_noack(unsigned cpu)
{
	return FAULTS_PLANTED && unlikely(inject_noack_cpu == cpu);
}

/* In the handlers that others wait for: a CPU that from now on does nothing at all. Not CPU 0: it
 * gives the work, and while the others sleep nobody waits for it. */
static inline void inject_freeze(unsigned cpu)
{
	if (FAULTS_PLANTED && unlikely(inject_freeze_cpu == cpu))
		inject_freeze_now();
}

/* Whether this allocation of a frame is the one that fails; caller: an address in whoever asked. */
static inline bool inject_oom(vaddr_t caller)
{
	return FAULTS_PLANTED && unlikely(inject_oom_number) && inject_oom_now(caller);
}
