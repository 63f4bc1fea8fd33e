/* SPDX-License-Identifier: MIT */
/*
 * Sleeping in a wait that has become long. A CPU that spins takes its host's time from those it
 * waits for, where an emulator has more CPUs than its host. For waits that end by another CPU's
 * store, which is followed by nap_wake(); interrupts on.
 *
 * The waiter says that it is about to sleep, passes a full barrier, looks once more, and sleeps.
 * The other CPU stores, passes a full barrier, and looks whether there is somebody to wake. So at
 * least one of them sees what the other one stored. A wake-up that comes between the look and the
 * sleep is taken back from what was said, and that is looked at with interrupts off, which
 * cpu_nap() turns on and sleeps without a gap.
 */
#pragma once

#include <asm/caps.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/hooks/guard.h"
#include "kernel/smp/percpu.h"

/* Spins from one nap to the next: a CPU that runs has answered by then (`make bench`). */
#define SPINS_PER_NAP 1024u
/* Then it looks again, come what may: at deadlines, and whether there is a deadlock. */
#define NAP_US 2000u

static inline void nap_announce(void)
{
	race_point(nap_announcing);
	WRITE_ONCE(this_cpu()->napping, 1);
	if (guard(nap_mb))
		smp_mb();
}

/* What was announced; another look has found nothing meanwhile. */
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

/* In the spin, between two looks: announces, then sleeps. spins: how many there were. */
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

/* The wait is over, or an interrupt has come to end it: no sleep, even if one was announced. */
static inline void nap_end(void)
{
	WRITE_ONCE(this_cpu()->napping, 0);
}

/* What the CPU may be waiting for was just stored. */
static inline void nap_wake(unsigned cpu)
{
	if (guard(wake_mb))
		smp_mb();
	if (guard(nap_wake) && READ_ONCE(cpus[cpu].napping))
		ipi_send(cpu, IPI_WAKE);
}
