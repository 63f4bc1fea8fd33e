/* SPDX-License-Identifier: MIT */
/* The last line of a run and the way out. */
#pragma once

#include "kernel/compiler.h"

struct tally {
	u32 passed, failed, skipped, known;
	bool incomplete; /* fewer CPUs than the firmware lists, or something was not observed that
			    should be; stray interrupts that keep coming are asked for apart */
};

/* Printed with every failure: seed=, else taken from the clock at boot. */
extern u32 run_seed;

/* Counts of finished test points; the boot CPU's. */
extern struct tally tally;

/* "# ev=done" by the tally; a run in which nothing passed is a failure. */
_Noreturn void finish(void);
/* A run that was only asked what there is: passed. */
_Noreturn void finish_listed(void);
/* The same, failed whatever the tally says. */
_Noreturn void finish_failed(void);
