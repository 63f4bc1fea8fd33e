/* SPDX-License-Identifier: MIT */
/* The GIC's counter; Count, the CPU's own, where there is no GIC, and so no other CPU. */
#include <asm/clock.h>
#include "arch/mips/cm.h"
#include "arch/mips/gic.h"
#include <asm/barrier.h>
#include <asm/cp0.h>
#include <asm/irq.h>

/* Of Count, as QEMU's Malta has it. */
#define COUNT_NS 6u

static u64 start;

/* Count has 32 bits, 26 s: somebody looks more often. */
static u64 extended_count(void)
{
	static u32 last, wraps;
	u32 flags = all_irqs_save(), count = cp0_read(9, 0);
	u64 extended;

	wraps += count < last;
	last = count;
	extended = (u64)wraps << 32 | count;
	all_irqs_restore(flags);
	return extended;
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
	return cm_present() ? gic_counter() : extended_count();
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
