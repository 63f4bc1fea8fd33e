/* SPDX-License-Identifier: MIT */
/* Deadlines: how long this CPU has been waiting. */
#pragma once

#include "kernel/compiler.h"

struct patience {
	u64 looked; /* clock_ns() at the last look; 0: there was none */
	u64 spent;  /* ns */
};

/*
 * At each look of a CPU that waits; {0} before the first one. True: deadline= has passed.
 *
 * From one look to the next a second counts at the most. If it was longer this CPU itself did not
 * run, or its clock was set: that says nothing about the others, which stood still perhaps as well,
 * and have not had their chance yet.
 */
bool patience_over(struct patience *patience);
