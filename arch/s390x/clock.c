/* SPDX-License-Identifier: MIT */
#include "arch/s390x/instructions.h"
#include <asm/barrier.h>
#include <asm/clock.h>

static u64 start;

u64 clock_cycles(void)
{
	return stckf();
}

u32 clock_cycles_per_us(void)
{
	return 4096;
}

void clock_init(void)
{
	start = clock_cycles();
}

u64 clock_ns(void)
{
	u64 tod = clock_cycles() - start;

	return (tod >> 9) * 125 + ((tod & 511) * 125 >> 9);
}

void delay_us(u32 us)
{
	u64 from = clock_cycles();

	while (clock_cycles() - from < (u64)us * clock_cycles_per_us())
		cpu_relax();
}
