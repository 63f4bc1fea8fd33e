/* SPDX-License-Identifier: MIT */
/*
 * Interrupts nobody here asked for, most often left pending by the firmware. The port acknowledges
 * them, their CPU counts them, and the boot CPU reports them. The handler is interrupt_unexpected()
 * of hooks/upcalls.h. It writes to these counters and to nothing else, so a stray cannot disturb
 * what a scenario observes.
 */
#pragma once

#include "kernel/compiler.h"

#define STRAY_VECTORS 4u

/* More strays on one CPU than the firmware can have left behind, because its sources are a few
 * timers and devices with one pending interrupt each. Beyond this count something is still sending
 * them. */
#define STRAY_MAX 64u

/* One CPU's strays. That CPU writes them and the boot CPU reads them (shared). */
struct strays {
	u32 count;
	/* The first vectors to come, and how often each did. Others are in count only. */
	u32 vector[STRAY_VECTORS], times[STRAY_VECTORS];
};

/* Prints a warning for each CPU and vector with news since the last call. Call on the boot CPU or
 * the CPU in a panic. */
void strays_report(void);
/* Returns true if a CPU has had more than STRAY_MAX, so the run is incomplete. */
bool strays_keep_coming(void);
