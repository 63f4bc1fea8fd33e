/* SPDX-License-Identifier: MIT */
/*
 * Sleep in a long wait. Call with interrupts on.
 *
 * An emulator may have more CPUs than its host. A spinning CPU then takes host time from the CPUs
 * it waits for. A wait may sleep if another CPU's store ends it and nap_wake() follows the store.
 *
 * The waiter announces its sleep, passes a full barrier, looks once more, and sleeps. The other CPU
 * stores, passes a full barrier, and looks for a sleeper to wake. So at least one of them sees the
 * other's store. A wake-up between the last look and the sleep clears `napping`. The waiter tests
 * `napping` with interrupts off, and cpu_nap() enables interrupts and sleeps in one step, so no
 * wake-up is lost.
 */
#pragma once

#include <asm/caps.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/hooks/guard.h"
#include "kernel/smp/percpu.h"

/* Spins from one nap to the next. A running CPU has answered by then (`make bench`). */
#define SPINS_PER_NAP 1024u
/* The longest nap. The waiter then looks again at its deadline, and for a deadlock. */
#define NAP_US 2000u

static inline void nap_announce(void)
{
	race_point(nap_announcing);
	WRITE_ONCE(this_cpu()->napping, 1);
	if (guard(nap_mb))
		smp_mb();
}

/* Takes the announced nap. Call after one more look at the condition, if it still does not hold. */
static inline void nap(void)
{
	struct cpu *cpu = this_cpu();
	bool woken;

	race_point(nap_announced);
	irq_disable();
	if (guard(nap_retest) && !READ_ONCE(cpu->napping)) {
		irq_enable();
		return;
	}
	woken = cpu_nap(NAP_US);
	WRITE_ONCE(cpu->napping, 0);
	WRITE_ONCE(cpu->naps, cpu->naps + 1);
	WRITE_ONCE(cpu->naps_woken, cpu->naps_woken + woken);
	race_value(nap_over, !woken);
}

/* Call between two looks of a spin. spins counts them so far. One call announces a nap, and the
 * next call takes it. */
static inline void nap_step(u32 spins)
{
	if (READ_ONCE(this_cpu()->napping)) {
		nap();
	} else if (spins % SPINS_PER_NAP == 0) {
		nap_announce();
		if (!guard(nap_look))
			nap();
	}
}

/* Cancels an announced nap, because the wait has ended or an interrupt has come to end it. */
static inline void nap_end(void)
{
	WRITE_ONCE(this_cpu()->napping, 0);
}

/* Wakes the CPU if it naps. Call after a store it may be waiting for. */
static inline void nap_wake(unsigned cpu)
{
	if (guard(wake_mb))
		smp_mb();
	if (guard(nap_wake) && READ_ONCE(cpus[cpu].napping))
		ipi_send(cpu, IPI_WAKE);
}
