/* SPDX-License-Identifier: MIT */
/*
 * Litmus tests have threads of two or three accesses, one CPU each. They run on thousands of cells,
 * one after the other. After each round the CPUs meet, and the registers of each cell are one
 * outcome of the histogram.
 */
#pragma once

#include "tests/lab/lab.h"

/* All is 0 before the threads. Registers become 0 or 1, and one thread writes each of them. */
struct litmus_cell {
	u32 x __aligned(64); /* shared, each in a cache line of its own */
	u32 y __aligned(64);
	u32 r[4] __aligned(64);
};

struct litmus {
	unsigned registers; /* in an outcome's number r[0] is bit 0, r[1] is bit 1, ... */
	u32 forbidden;	    /* by outcome */
};
#define OUTCOME(number) BIT(number)

#define LITMUS_LEAST 16u

bool litmus_setup(struct variant *v);
/* Runs one role. */
void litmus_run(struct variant *v, const struct litmus *test,
		void (*thread)(struct litmus_cell *cell));
enum verdict litmus_judge(struct variant *v, const struct litmus *test);

/* Defines a role of one thread. The test of these roles is called `test`. */
#define LITMUS_ROLE(name)                                                                          \
	static void name##_role(struct variant *v)                                                 \
	{                                                                                          \
		litmus_run(v, &test, name);                                                        \
	}
#define LITMUS(identifier, ...)                                                                    \
	static enum verdict judge(struct variant *v)                                               \
	{                                                                                          \
		return litmus_judge(v, &test);                                                     \
	}                                                                                          \
	SCENARIO(identifier) = {                                                                   \
		.mode = MODE_PROBE,                                                                \
		.setup = litmus_setup,                                                             \
		.judge = judge,                                                                    \
		.least = {AT_LEAST_MET(LITMUS_LEAST, "cells in which CPUs overtook each other")},  \
		CELLS(HOLDS()),                                                                    \
		__VA_ARGS__}
