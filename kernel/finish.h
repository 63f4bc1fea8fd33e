/* SPDX-License-Identifier: MIT */
/* The last line of a run and the way out. */
#pragma once

#include "kernel/compiler.h"

struct tally {
	u32 passed, failed, skipped, known;
	bool incomplete; /* fewer CPUs than the firmware lists, or something due was not observed;
			  * finish() itself asks for stray interrupts that keep coming */
};

/* The end of a run (README.md, "How a run ends"). The number is the exit status of tools/run, and
 * of a machine with an exit status. A run ending as RUN_DIED prints no last line. */
enum run_end {
	RUN_PASS = 0,
	RUN_FAIL = 1,
	RUN_INCOMPLETE = 3,
	RUN_NOTHING_SHOWN = 4,
	RUN_NOT_RUN = 5,
	RUN_CANNOT_START = 7,
};

/* Printed with every failure. From seed=, else from the clock at boot. */
extern u32 run_seed;

/* Counts of finished test points, kept by the boot CPU. */
extern struct tally tally;

/* Prints the last line, "# ev=done", and leaves the machine as the tally says. A known finding
 * counts as shown. If everything was skipped then nothing was shown, so the run neither passes nor
 * fails. */
_Noreturn void finish(void);
/* As finish(), whatever the tally says. */
_Noreturn void finish_as(enum run_end end);
