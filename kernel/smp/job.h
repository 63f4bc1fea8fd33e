/* SPDX-License-Identifier: MIT */
/*
 * Work for other CPUs. A CPU without work sleeps with interrupts on; a job runs from its idle loop,
 * interrupts on, on the CPU's own stack.
 */
#pragma once

#include "kernel/compiler.h"

/* cpu: online, without a job. Not for this CPU. */
void job_give(unsigned cpu, void (*function)(void *argument), void *argument);
/* Waits until the CPUs of the mask have finished their jobs (acquire). False: they have, but a
 * deadlock among them had to be broken. */
bool job_wait(cpumask_t mask);
/* One turn of an idle CPU: runs the job that it was given (true), or sleeps until an interrupt has
 * come. Interrupts on. */
bool idle_turn(void);
/* The life of a secondary CPU. */
_Noreturn void idle_loop(void);

/* What the machine runs once all CPUs are up; the lab or the bench puts itself here. */
struct main_job {
	const char *name;
	void (*run)(void);
};
#define MAIN_JOB(job_name, function)                                                               \
	static const struct main_job main_job_ __section(".jobs") = {job_name, function}
extern const struct main_job __jobs_start[], __jobs_end[];
