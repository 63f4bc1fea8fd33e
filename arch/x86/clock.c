/* SPDX-License-Identifier: MIT */
/*
 * The TSC against channel 2 of the PIT (8254 data sheet; its gate and output are in port 0x61, as
 * on every PC since the AT). Time is the counter since clock_init(), times a 32-bit factor.
 */
#include <asm/clock.h>
#include "arch/x86/div64.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/io.h>

#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_CH2_MODE0	0xb0 /* channel 2, low then high byte, count down once, binary */
#define PIT_CH2_LATCH	0x80
#define GATE_PORT	0x61
#define GATE_ON		0x01
#define GATE_SPEAKER	0x02
#define GATE_OUT	0x20
#define PIT_START	0xffff
#define PIT_TICKS	5966 /* 5 ms at 1193182 Hz */
#define PIT_POLLS	100000
#define CALIBRATE_TRIES 3

/* ns = cycles * factor >> SHIFT; a tick of the PIT is 838.0953 ns. */
#define SHIFT		22
#define TICK_NS_SHIFTED 3515226656u

#define DEFAULT_CYCLES_PER_US 1000u

static u32 factor = (1000u << SHIFT) / DEFAULT_CYCLES_PER_US;
static u32 cycles_per_us = DEFAULT_CYCLES_PER_US;
static u64 start;

u64 clock_cycles(void)
{
	u32 low, high;

	__asm__ __volatile__("rdtsc" : "=a"(low), "=d"(high)::"memory");
	return (u64)high << 32 | low;
}

u32 clock_cycles_per_us(void)
{
	return cycles_per_us;
}

u64 clock_ns(void)
{
	u64 cycles = clock_cycles() - start;

	return ((u64)(u32)cycles * factor >> SHIFT) +
	       ((u64)(u32)(cycles >> 32) * factor << (32 - SHIFT));
}

void delay_us(u32 us)
{
	u64 from = clock_cycles();

	while (clock_cycles() - from < (u64)us * cycles_per_us)
		cpu_relax();
}

/* Both counters at one moment, known to within width cycles. */
struct sample {
	u64 cycles;
	u32 width;
	u16 count;
};

static struct sample sample_once(void)
{
	struct sample s;
	u64 before = clock_cycles();

	outb(PIT_COMMAND, PIT_CH2_LATCH);
	s.width = (u32)(clock_cycles() - before);
	s.cycles = before + s.width / 2;
	s.count = inb(PIT_CHANNEL2);
	s.count |= (u16)(inb(PIT_CHANNEL2) << 8);
	return s;
}

/* The narrowest of a few: an interruption between the two reads would be taken for elapsed time. */
static struct sample sample(void)
{
	struct sample best = sample_once();

	for (unsigned i = 0; i < 4; i++) {
		struct sample s = sample_once();

		if (s.width < best.width)
			best = s;
	}
	return best;
}

/* Cycles in *ticks ticks of the PIT, or 0 if it does not count, or counted past its end unseen. */
static u32 measure(u32 *ticks)
{
	u8 gate = inb(GATE_PORT);
	struct sample first, last;
	unsigned polls = 0;

	outb(GATE_PORT, (gate & ~GATE_SPEAKER) | GATE_ON);
	outb(PIT_COMMAND, PIT_CH2_MODE0);
	outb(PIT_CHANNEL2, PIT_START & 0xff);
	outb(PIT_CHANNEL2, PIT_START >> 8);
	first = sample();
	do
		last = sample_once();
	while ((u16)(first.count - last.count) < PIT_TICKS && polls++ < PIT_POLLS);
	last = sample();
	*ticks = (u16)(first.count - last.count);
	if (polls > PIT_POLLS || inb(GATE_PORT) & GATE_OUT || last.cycles - first.cycles > ~0u)
		*ticks = 0;
	outb(GATE_PORT, gate);
	return *ticks ? (u32)(last.cycles - first.cycles) : 0;
}

void clock_init(void)
{
	u32 cycles = 0, ticks = 0;
	u64 shifted;

	start = clock_cycles();
	for (unsigned i = 0; i < CALIBRATE_TRIES && !cycles; i++)
		cycles = measure(&ticks);
	if (clock_cycles() == start)
		panic("the TSC does not count, so no wait could have an end");
	shifted = cycles ? div64_32((u64)ticks * TICK_NS_SHIFTED, cycles) : 0;
	if (!shifted || shifted >> 32) {
		printk("# clock: PIT channel 2 (ports 0x42, 0x61) does not count: TSC taken as %u "
		       "MHz\n",
		       DEFAULT_CYCLES_PER_US);
		return;
	}
	factor = (u32)shifted;
	cycles_per_us = (u32)div64_32((u64)1000 << SHIFT, factor);
	if (!cycles_per_us)
		cycles_per_us = 1;
}
