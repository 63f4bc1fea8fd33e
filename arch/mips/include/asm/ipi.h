/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts: one edge-triggered GIC source for each CPU and kind, routed to a CPU
 * interrupt of its own. One sent while it is still pending at the target is delivered once, so
 * every handler must serve all it finds posted. Callers put smp_mb() before a send: it is an
 * uncached store, which cached ones may be behind.
 */
#pragma once

#include "kernel/compiler.h"

enum ipi {
	IPI_SHOOTDOWN,	      /* -> interrupt_shootdown() */
	IPI_CALL,	      /* -> interrupt_call() */
	IPI_WAKE,	      /* -> interrupt_wake(); ends cpu_idle() */
	IPI_SHOOTDOWN_NOWAIT, /* not masked by irq_disable() -> interrupt_nowait() */
	NR_IPIS
};

/* cpu: online, not this one. Interrupts in any state. */
void ipi_send(unsigned cpu, enum ipi ipi);
