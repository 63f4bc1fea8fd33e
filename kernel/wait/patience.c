/* SPDX-License-Identifier: MIT */
/* Adds up how long a CPU has been waiting, and lets the others run meanwhile. */
#include "kernel/wait/patience.h"

#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/clock.h>
#include <asm/ipi.h>
#include <asm/irq.h>

#include "kernel/smp/percpu.h"
#include "kernel/wait/wait.h"

#define SECOND_NS 1000000000ull
#define ASIDE_US  100u

static bool is_over(struct patience *patience, u32 seconds)
{
	u64 now = clock_ns(), step = patience->looked ? now - patience->looked : 0;

	patience->looked = now;
	patience->spent += min(step, LOOK_NS_MOST);
	return patience->spent > seconds * SECOND_NS;
}

bool patience_over(struct patience *patience)
{
	return is_over(patience, wait_deadline_s);
}

bool patience_spun_for(struct patience *patience, u32 seconds)
{
	return ++patience->spins % SPINS_PER_LOOK == 0 && is_over(patience, seconds);
}

bool patience_spun(struct patience *patience)
{
	return patience_spun_for(patience, wait_deadline_s);
}

/* A port with a timer naps. An interrupt of our own would be taken before the sleep on some of
 * these ports. On a port without a timer it is the only one certain to come. Send it with
 * interrupts off, because otherwise it would be taken at once. The loop looks for it as idle_loop()
 * does. */
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
