/* SPDX-License-Identifier: MIT */
/*
 * The clock is the GIC's counter, or the CPU's own Count on a machine without a GIC, which has no
 * other CPU.
 */
#include <asm/clock.h>
#include "arch/mips/cm.h"
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "arch/mips/gic.h"
#include "arch/mips/widened.h"
#include <asm/barrier.h>
#include <asm/cp0.h>
#include <asm/irq.h>

/* A tick of Count on QEMU's Malta. */
#define COUNT_NS 6u

static u64 start;

/* Count has 32 bits and wraps after 26 s. The kernel reads it more often. */
static u64 wide_count(void)
{
	static struct own_counter own;
	u32 flags = all_irqs_save();
	u64 count = widened_own(&own, cp0_count());

	all_irqs_restore(flags);
	return count;
}

static u32 tick_ns(void)
{
	return cm_present() ? GIC_COUNTER_NS : COUNT_NS;
}

void clock_init(void)
{
	start = clock_cycles();
}

u64 clock_cycles(void)
{
	return cm_present() ? gic_counter() : wide_count();
}

u32 clock_cycles_per_us(void)
{
	return 1000 / tick_ns();
}

u64 clock_ns(void)
{
	return (clock_cycles() - start) * tick_ns();
}

void delay_us(u32 us)
{
	u64 from = clock_cycles();

	while (clock_cycles() - from < (u64)us * clock_cycles_per_us())
		cpu_relax();
}

/*
 * The timer's interrupt is on only while a CPU naps. An interrupt left pending after that does no
 * harm. The timer is the interrupt controller's and not Compare, because a write of Compare may
 * lose an interrupt on QEMU (docs/findings.md, F-042). A machine without the controller has one
 * CPU, which waits for no other.
 */
bool cpu_nap(u32 us)
{
	struct mips_cpu *c = mips_this_cpu();

	c->nap_timed_out = !cm_present() || !gic_timer_set(us * clock_cycles_per_us());
	if (c->nap_timed_out)
		irq_enable();
	else
		mips_idle(STATUS_IM_IRQS | STATUS_IM_TIMER);
	return !c->nap_timed_out;
}
