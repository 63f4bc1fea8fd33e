/* SPDX-License-Identifier: MIT */
/* The CPUs of an exploration, each a coroutine before its next step. */
#pragma once

#include "tools/interleave/exploration.h"

/* For a self-test. Operations of this kind are no steps. OP_NONE changes nothing. */
extern enum op_kind cpus_dropped;

/* Returns true while a CPU's part is running, and not the explorer. */
bool cpus_inside(void);
/* Runs every CPU from the beginning of its part to its first step. */
void cpus_begin(const struct exploration *what);
/*
 * After cpus_rest() the state is plain memory to look at. cpus_go_on() gives it back to the CPUs.
 */
void cpus_rest(void);
void cpus_go_on(void);
/* The CPU has done an operation of its part in this state. */
bool cpus_took_part(unsigned cpu);
/* Finds the transitions possible now. Returns their number. */
unsigned cpus_steps(struct transition *steps, unsigned max);
#define MAX_TRANSITIONS 256u
void cpus_apply(struct transition step);
/* Returns the operation of the last STEP_RUN, with its result. */
struct op cpus_performed(void);
/* Nothing can happen any more, and nothing should. */
bool cpus_over(void);
/* No store is on its way. */
bool cpus_quiet(void);
/* Describes a state in which nothing can happen although something should. */
void cpus_describe_stuck(char *text, size_t size);
