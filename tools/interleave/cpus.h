/* SPDX-License-Identifier: MIT */
/* The CPUs of an exploration: each a coroutine that stands before its next step. */
#pragma once

#include "tools/interleave/exploration.h"

/* A self-test: operations of this kind are no steps, whoever can tell; OP_NONE: all are as they
 * are.
 */
extern enum op_kind cpus_dropped;

/* A CPU's part is running, not the explorer. */
bool cpus_inside(void);
/* Every CPU at the beginning of its part, up to its first step. */
void cpus_begin(const struct exploration *what);
/* The state is plain memory now, to look at; and again what the CPUs are in. */
void cpus_rest(void);
void cpus_go_on(void);
/* The CPU has done an operation of its part, in this state. */
bool cpus_took_part(unsigned cpu);
/* What can happen now; returns how many. */
unsigned cpus_steps(struct transition *steps, unsigned max);
#define MAX_TRANSITIONS 256u
void cpus_apply(struct transition step);
/* The operation of the last STEP_RUN, as it took place. */
struct op cpus_performed(void);
/* Nothing can happen any more and nothing should: */
bool cpus_over(void);
/* No store is on its way. */
bool cpus_quiet(void);
/* The words for a state in which nothing can happen although something should. */
void cpus_describe_stuck(char *text, size_t size);
