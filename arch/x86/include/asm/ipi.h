/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts, fixed delivery, one vector each. Edge-triggered: a vector sent while
 * it is still pending at the target is delivered once, so every handler must serve all it finds
 * posted. A send is a store to the (uncached) local APIC: it is ordered after the sender's older
 * stores, but callers put smp_mb() before it, as x2APIC's WRMSR is not (SDM vol. 3, 11.12.3).
 */
#pragma once

#include "kernel/compiler.h"

enum ipi {
	IPI_SHOOTDOWN,	      /* -> interrupt_shootdown() */
	IPI_SHOOTDOWN_NOWAIT, /* non-maskable -> interrupt_nowait() */
	IPI_CALL,	      /* -> interrupt_call() */
	IPI_WAKE,	      /* -> interrupt_wake(); ends cpu_idle() */
	NR_IPIS
};

/* cpu: online, not this one. Interrupts in any state. Bounded wait for the previous send. */
void ipi_send(unsigned cpu, enum ipi ipi);
