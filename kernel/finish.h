/* SPDX-License-Identifier: MIT */
/* The last line of a run and the way out. */
#pragma once

#include "kernel/compiler.h"

struct tally {
	u32 passed, failed, skipped, known;
	bool incomplete; /* fewer CPUs than the firmware lists, or something was not observed that
			    should be; stray interrupts that keep coming are asked for apart */
};

/* How a run ends: README.md, "How a run ends". The numbers are what a machine that has an exit
 * status ends with, and tools/run. A run that ends as RUN_DIED prints no last line. */
enum run_end {
	RUN_PASS = 0,
	RUN_FAIL = 1,
	RUN_INCOMPLETE = 3,
	RUN_NOTHING_SHOWN = 4,
	RUN_NOT_RUN = 5,
	RUN_CANNOT_START = 7,
};

/* Printed with every failure: seed=, else taken from the clock at boot. */
extern u32 run_seed;

/* Counts of finished test points; the boot CPU's. */
extern struct tally tally;

/* The last line, "# ev=done", and the way out, as the tally says. A known finding counts as
 * shown. If everything was skipped then nothing was shown, and that is neither a pass nor a
 * failure. */
_Noreturn void finish(void);
/* The same, whatever the tally says. */
_Noreturn void finish_as(enum run_end end);
