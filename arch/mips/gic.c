/* SPDX-License-Identifier: MIT */
/*
 * Registers of the interrupt controller, from "MIPS Global Interrupt Controller" (in the same
 * manuals). The section of the local registers shows each CPU its own.
 */
#include "arch/mips/cm.h"
#include "arch/mips/cpu.h"
#include "arch/mips/gic.h"
#include "arch/mips/widened.h"
#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/smp.h>

#define SH_CONFIG     0x0000 /* bits 23:16 are interrupt sources / 8 - 1 */
#define SH_COUNTER    0x0010 /* low word, with the high word behind it */
#define SH_COUNTER_HI 0x0014
#define SH_POL	      0x0100 /* bit arrays, 32 sources a word */
#define SH_TRIG	      0x0180
#define SH_WEDGE      0x0280
#define SH_SMASK      0x0380
#define SH_MAP_PIN(n) (0x0500 + 4 * (n))
#define SH_MAP_VP(n)  (0x2000 + 32 * (n))

#define LOCAL_RMASK	  0x800c /* local sources to mask */
#define LOCAL_SMASK	  0x8010 /* and to unmask */
#define LOCAL_COMPARE_MAP 0x8044
#define LOCAL_COMPARE	  0x80a0 /* low word; its store arms the timer and lowers its line */
#define LOCAL_COMPARE_HI  0x80a4

#define LOCAL_SOURCES	     0x3fu
#define LOCAL_SOURCE_COMPARE BIT(1)

#define WEDGE_RAISE BIT(31)
#define MAP_TO_PIN  BIT(31)

/* Boards use the first sources for devices. */
#define FIRST_SOURCE 64u

static volatile u8 *gic;

static u32 read(u32 at)
{
	return mmio_read32(gic + at);
}

static void write(u32 at, u32 value)
{
	mmio_write32(gic + at, value);
}

static unsigned source_of(unsigned cpu, enum ipi ipi)
{
	return FIRST_SOURCE + cpu * NR_IPIS + ipi;
}

unsigned gic_init(void)
{
	unsigned sources;

	gic = cm_gic();
	sources = ((read(SH_CONFIG) >> 16 & 0xff) + 1) * 8;
	return sources < FIRST_SOURCE ? 0 : (sources - FIRST_SOURCE) / NR_IPIS;
}

static void set_bit(u32 array, unsigned source)
{
	u32 at = array + source / 32 * 4;

	write(at, read(at) | BIT(source % 32));
}

/* The source is edge-triggered and rising. Pin n is Cause.IP n + 2. */
static void route(unsigned source, u32 vp, unsigned pin)
{
	set_bit(SH_TRIG, source);
	set_bit(SH_POL, source);
	write(SH_MAP_PIN(source), MAP_TO_PIN | pin);
	write(SH_MAP_VP(source), BIT(vp));
	write(SH_SMASK + source / 32 * 4, BIT(source % 32));
}

void gic_route(unsigned cpu, u32 vp)
{
	for (unsigned ipi = 0; ipi < NR_IPIS; ipi++)
		route(source_of(cpu, ipi), vp, ipi);
}

void ipi_send(unsigned cpu, enum ipi ipi)
{
	write(SH_WEDGE, WEDGE_RAISE | source_of(cpu, ipi));
}

/*
 * Call before the handler reads the posted requests. The store is uncached, so a barrier follows
 * it.
 */
void gic_ack(enum ipi ipi)
{
	write(SH_WEDGE, source_of(cpu_id(), ipi));
	smp_mb();
}

_Static_assert(STATUS_IM(GIC_TIMER_LINE) == STATUS_IM_TIMER, "asm/irq.h");

/* After a reset the local sources are unmasked, and Compare leads to the line of an IPI. */
void gic_timer_init(void)
{
	write(LOCAL_RMASK, LOCAL_SOURCES);
	write(LOCAL_COMPARE_MAP, MAP_TO_PIN | (GIC_TIMER_LINE - FIRST_LINE));
	write(LOCAL_SMASK, LOCAL_SOURCE_COMPARE);
}

/* Returns the whole counter. A carry between its two words makes the upper one another. */
static u64 counter(void)
{
	u32 high, low;

	do {
		high = read(SH_COUNTER_HI);
		low = read(SH_COUNTER);
	} while (read(SH_COUNTER_HI) != high);
	return (u64)high << 32 | low;
}

bool gic_timer_set(u32 ticks)
{
	u64 from = counter(), at = from + ticks;

	write(LOCAL_COMPARE_HI, (u32)(at >> 32));
	write(LOCAL_COMPARE, (u32)at);
	return read(SH_COUNTER) - (u32)from < ticks;
}

static u32 half_turns; /* shared */

/*
 * Widens the lower half, because QEMU's counter has 32 bits, 43 s, and its upper half reads as 0.
 */
u64 gic_counter(void)
{
	u32 turns = half_turns_before(&half_turns);

	return widened(&half_turns, turns, read(SH_COUNTER));
}
