/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts, the part of asm/ipi.h shared by all ports. If the same interrupt is
 * still pending at the target, a second one is not delivered, so every handler must serve all it
 * finds posted. Callers put smp_mb() before a send.
 */
#pragma once

#include "kernel/compiler.h"

enum ipi {
	IPI_SHOOTDOWN,	      /* -> interrupt_shootdown() */
	IPI_CALL,	      /* -> interrupt_call() */
	IPI_WAKE,	      /* -> interrupt_wake(), and ends cpu_idle() */
	IPI_SHOOTDOWN_NOWAIT, /* not held back by irq_disable() -> interrupt_nowait() */
	NR_IPIS
};

/* Send to an online CPU other than this one, with interrupts in any state. If the port waits for
 * its previous send, that wait is bounded. */
void ipi_send(unsigned cpu, enum ipi ipi);
