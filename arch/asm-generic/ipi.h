/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts: the part of asm/ipi.h that all ports share. One that is sent while
 * the same is still pending at the target is delivered once, so every handler must serve all it
 * finds posted. Callers put smp_mb() before a send.
 */
#pragma once

#include "kernel/compiler.h"

enum ipi {
	IPI_SHOOTDOWN,	      /* -> interrupt_shootdown() */
	IPI_CALL,	      /* -> interrupt_call() */
	IPI_WAKE,	      /* -> interrupt_wake(); ends cpu_idle() */
	IPI_SHOOTDOWN_NOWAIT, /* irq_disable() does not hold it back -> interrupt_nowait() */
	NR_IPIS
};

/* cpu: online, not this one. Interrupts in any state. If the port waits for its previous send, that
 * is bounded. */
void ipi_send(unsigned cpu, enum ipi ipi);
