/* SPDX-License-Identifier: MIT */
#include "kernel/patience.h"

#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/percpu.h"
#include "kernel/wait.h"

#define SECOND_NS 1000000000ull
#define ASIDE_US  100u

bool patience_over(struct patience *patience)
{
	u64 now = clock_ns(), step = patience->looked ? now - patience->looked : 0;

	patience->looked = now;
	patience->spent += step < SECOND_NS ? step : SECOND_NS;
	return patience->spent > wait_deadline_s * SECOND_NS;
}

bool patience_spun(struct patience *patience)
{
	return ++patience->spins % SPINS_PER_LOOK == 0 && patience_over(patience);
}

/* An interrupt of our own would be taken before the sleep on some ports that have a timer, and is the
 * only one that is certain to come on those that have none. It is sent with interrupts off, or it
 * would be taken at once, and looked for as idle_loop() does. */
static void sleep_shortly(void)
{
	struct cpu *cpu = this_cpu();
	u32 wakes = READ_ONCE(cpu->wakes);

	irq_disable();
	if (CAP_NAP) {
		cpu_nap(ASIDE_US);
		return;
	}
	ipi_send(cpu_id(), IPI_WAKE);
	while (READ_ONCE(cpu->wakes) == wakes) {
		cpu_idle();
		irq_disable();
	}
	irq_enable();
}

void step_aside(void)
{
	if (CAP_RELAX_YIELDS)
		cpu_relax();
	else if (irqs_enabled())
		sleep_shortly();
}
