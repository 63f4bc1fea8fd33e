/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts: SIGNAL PROCESSOR, emergency signal (Principles of Operation, chapter
 * 4). What is meant is posted in a word of the target's before; a signal from one CPU that is still
 * pending at the target swallows the next from the same, so the handler serves all that is posted.
 */
#pragma once

#include "kernel/compiler.h"

enum ipi {
	IPI_SHOOTDOWN,	      /* -> interrupt_shootdown() */
	IPI_SHOOTDOWN_NOWAIT, /* none: flushes are broadcast */
	IPI_CALL,	      /* -> interrupt_call() */
	IPI_WAKE,	      /* -> interrupt_wake(); ends cpu_idle() */
	NR_IPIS
};

/* cpu: online, not this one. Interrupts in any state. Bounded wait for the previous signal. */
void ipi_send(unsigned cpu, enum ipi ipi);
