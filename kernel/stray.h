/* SPDX-License-Identifier: MIT */
/*
 * Interrupts that nobody here asked for: most often one that the firmware left pending. They are
 * acknowledged by the port, counted on their CPU, and told by the boot CPU. The handler,
 * interrupt_unexpected() of hooks/upcalls.h, writes to these counters and to nothing else, so a
 * stray cannot disturb what a scenario observes.
 */
#pragma once

#include "kernel/compiler.h"

#define STRAY_VECTORS 4u

/* So many on one CPU are more than the firmware can have left behind: its sources are a few timers
 * and devices, with one interrupt pending of each. Then something is still sending them. */
#define STRAY_MAX 64u

/* Of one CPU. shared: written there, read by the boot CPU. */
struct strays {
	u32 count;
	/* The first vectors that came, and how often each did. Others are in count only. */
	u32 vector[STRAY_VECTORS], times[STRAY_VECTORS];
};

/* The boot CPU, or the one that panics: a warning for each CPU and vector that has news since the
 * last call. */
void strays_report(void);
/* A CPU has had more than STRAY_MAX: the run is incomplete. */
bool strays_keep_coming(void);
