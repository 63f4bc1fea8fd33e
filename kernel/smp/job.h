/* SPDX-License-Identifier: MIT */
/*
 * Work for other CPUs. A CPU without work sleeps with interrupts on. A job runs from its idle loop,
 * with interrupts on and on the CPU's own stack.
 */
#pragma once

#include "kernel/compiler.h"

/* Gives a job to an online CPU without one. Not for this CPU. */
void job_give(unsigned cpu, void (*function)(void *argument), void *argument);
/* Waits until the CPUs of the mask have finished their jobs (acquire). Returns false if they
 * finished only after a deadlock among them was broken. */
bool job_wait(cpumask_t mask);
/* One turn of an idle CPU. Runs its job and returns true, or sleeps until an interrupt has come and
 * returns false. Call with interrupts on. */
bool idle_turn(void);
/* The life of a secondary CPU. */
_Noreturn void idle_loop(void);

/* The machine runs this once all CPUs are up. The lab or the bench puts itself here. */
struct main_job {
	const char *name;
	void (*run)(void);
};
#define MAIN_JOB(job_name, function)                                                               \
	static const struct main_job main_job_ __section(".jobs") = {job_name, function}
extern const struct main_job __jobs_start[], __jobs_end[];
