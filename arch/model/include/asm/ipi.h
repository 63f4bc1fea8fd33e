/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts. The target's handler runs at once, as that CPU, if its interrupts are
 * on. Otherwise the interrupt stays pending, once, and comes when they go on.
 *
 * Sending is a step, and so is taking it, at any later time.
 */
#pragma once

#include "kernel/compiler.h"

enum ipi {
	IPI_SHOOTDOWN,	      /* -> interrupt_shootdown() */
	IPI_SHOOTDOWN_NOWAIT, /* never pending -> interrupt_nowait() */
	IPI_CALL,	      /* -> interrupt_call() */
	IPI_WAKE,	      /* only ends cpu_idle() */
	NR_IPIS
};

/* Send to another CPU than this one, with interrupts in any state. */
void ipi_send(unsigned cpu, enum ipi ipi);
