/* SPDX-License-Identifier: MIT */
/*
 * Measures the TSC by the first working counter among channel 2 of the PIT, ACPI's PM timer and the
 * HPET. The PIT comes first because it needs no table of the firmware's (8254 data sheet). Its gate
 * and output are in port 0x61, as on every PC since the AT. CPUID's figures come behind the
 * counters, because emulators and hypervisors are free to pass on the host's. A second counter, if
 * there is one, checks the first. Time is the TSC since clock_init(), times a 32-bit factor.
 */
#include "arch/x86/clock.h"
#include "arch/x86/clock_rate.h"
#include "arch/x86/device.h"
#include "arch/x86/div64.h"
#include "arch/x86/features.h"
#include "arch/x86/paging.h"
#include "drivers/acpi.h"
#include "drivers/acpi_timers.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/io.h>
#include <asm/smp.h>

#define PIT_CHANNEL2  0x42
#define PIT_COMMAND   0x43
#define PIT_CH2_MODE0 0xb0 /* channel 2, low then high byte, count down once, binary */
#define PIT_CH2_LATCH 0x80
#define GATE_PORT     0x61
#define GATE_ON	      0x01
#define GATE_SPEAKER  0x02
#define GATE_OUT      0x20
#define PIT_START     0xffff
#define PIT_FS	      838095110u /* 1193182 Hz */
#define PM_TIMER_FS   279365115u /* PM_TIMER_HZ */
#define PM_TRIES      10u

#define LEAF_CRYSTAL 0x15u
#define LEAF_BASE    0x16u

/* ns = cycles * factor >> SHIFT, and factor = NS_SHIFTED / kHz. */
#define SHIFT	    22
#define NS_SHIFTED  ((u64)1000000 << SHIFT)
#define FACTOR(khz) ((u32)(NS_SHIFTED / (khz)))

_Static_assert(NS_SHIFTED / CLOCK_KHZ_MIN >> 32 == 0, "the slowest TSC's factor fits");

static u32 factor = FACTOR(CLOCK_KHZ_GUESS);
static u32 cycles_per_us = CLOCK_KHZ_GUESS / 1000;
static u64 start;
static u8 gate;			 /* port 0x61 before the PIT was used */
static struct pm_timer pm_timer; /* bits is 0 if there is none */
static volatile u8 *hpet;	 /* NULL if there is none */
static u32 hpet_config;		 /* before it was used */

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
	       ((u64)(u32)(cycles >> 32) * factor << (32 - SHIFT)) +
	       clock_ahead_ns(cpu_id());
}

void delay_us(u32 us)
{
	u64 from = clock_cycles();

	while (clock_cycles() - from < (u64)us * cycles_per_us)
		cpu_relax();
}

static void pit_start(void)
{
	gate = inb(GATE_PORT);
	outb(GATE_PORT, (gate & ~GATE_SPEAKER) | GATE_ON);
	outb(PIT_COMMAND, PIT_CH2_MODE0);
	outb(PIT_CHANNEL2, PIT_START & 0xff);
	outb(PIT_CHANNEL2, PIT_START >> 8);
}

/* The output goes high when the counter passes its end. The reader may have missed that, so then
 * the count cannot be trusted. */
static bool pit_stop(void)
{
	bool ended = inb(GATE_PORT) & GATE_OUT;

	outb(GATE_PORT, gate);
	return !ended;
}

static u32 pit_read(void)
{
	u32 count;

	outb(PIT_COMMAND, PIT_CH2_LATCH);
	count = inb(PIT_CHANNEL2);
	count |= (u32)inb(PIT_CHANNEL2) << 8;
	return PIT_START - count;
}

/* Early chips, such as Intel's PIIX4, may be read in the middle of a change. A value counts if its
 * neighbours in time are in order with it. */
static u32 pm_read(void)
{
	u32 before, value = 0, after;

	for (unsigned i = 0; i < PM_TRIES; i++) {
		before = inl(pm_timer.port);
		value = inl(pm_timer.port);
		after = inl(pm_timer.port);
		if (before <= value && value <= after)
			break;
	}
	return value;
}

static void hpet_start(void)
{
	hpet_config = mmio_read32(hpet + HPET_CONFIG);
	if (!(hpet_config & HPET_ENABLED))
		mmio_write32(hpet + HPET_CONFIG, hpet_config | HPET_ENABLED);
}

static bool hpet_stop(void)
{
	if (!(hpet_config & HPET_ENABLED))
		mmio_write32(hpet + HPET_CONFIG, hpet_config);
	return true;
}

static u32 hpet_read(void)
{
	return mmio_read32(hpet + HPET_COUNTER);
}

static const u8 *map_table(paddr_t at, size_t size)
{
	return map_physical(at, size, MEMORY_WB);
}

void x86_clock_discover(const struct boot_info *boot, paddr_t rsdp)
{
	const u8 *table;
	paddr_t at;
	size_t n;

	if (!rsdp)
		return;
	table = acpi_find(rsdp, "FACP", map_table, &n);
	if (!table || !fadt_pm_timer(table, n, &pm_timer))
		pm_timer.bits = 0;
	table = acpi_find(rsdp, "HPET", map_table, &n);
	at = table ? hpet_place(table, n) : 0;
	hpet = at ? map_device(boot, at, HPET_SIZE) : NULL;
	if (hpet && !hpet_period_is_sane(mmio_read32(hpet + HPET_PERIOD)))
		hpet = NULL;
}

static u32 measure(enum clock_source source)
{
	const struct clock_counter pit = {pit_start, pit_stop, pit_read, 0xffff, PIT_FS};
	const struct clock_counter pm = {NULL, NULL, pm_read, 0xffffffff >> (32 - pm_timer.bits),
					 PM_TIMER_FS};
	struct clock_counter high = {hpet_start, hpet_stop, hpet_read, 0xffffffff, 0};

	if (source == CLOCK_PIT)
		return clock_rate_measure(&pit, clock_cycles);
	if (source == CLOCK_PM_TIMER)
		return pm_timer.bits ? clock_rate_measure(&pm, clock_cycles) : 0;
	if (!hpet)
		return 0;
	high.period_fs = mmio_read32(hpet + HPET_PERIOD);
	return clock_rate_measure(&high, clock_cycles);
}

static void ask_cpu(u32 khz[NR_CLOCK_SOURCES])
{
	u32 leaves = x86_cpuid(0).a;
	struct cpuid leaf;

	if (leaves >= LEAF_CRYSTAL) {
		leaf = x86_cpuid(LEAF_CRYSTAL);
		khz[CLOCK_CPUID15] =
			clock_rate_cpuid15(leaf.a, leaf.b, leaf.c, x86_features.signature);
	}
	if (leaves >= LEAF_BASE)
		khz[CLOCK_CPUID16] = clock_rate_cpuid16(x86_cpuid(LEAF_BASE).a);
}

static void print_choice(const struct clock_choice *choice)
{
	printk("# ev=clock source=%s mhz=%u khz=%u check=%s check_khz=%u\n",
	       clock_source_name[choice->source], choice->khz / 1000, choice->khz,
	       choice->check == CLOCK_GUESS ? "none" : clock_source_name[choice->check],
	       choice->check_khz);
	if (choice->source == CLOCK_GUESS)
		printk("# ev=warning what=\"clock: no PIT, PM timer or HPET counts and CPUID says nothing: TSC taken as %u MHz, so times are wrong and waits too long\"\n",
		       choice->khz / 1000);
	else if (!choice->agree)
		printk("# ev=warning what=\"clock: %s and %s disagree about the TSC: the faster rate is taken, so that no wait is too short\"\n",
		       clock_source_name[choice->source], clock_source_name[choice->check]);
}

void clock_init(void)
{
	u32 khz[NR_CLOCK_SOURCES] = {0};
	struct clock_choice choice;
	unsigned found = 0;

	start = clock_cycles();
	for (unsigned source = 0; source < NR_CLOCK_COUNTERS && found < 2; source++) {
		khz[source] = measure(source);
		found += khz[source] != 0;
	}
	if (clock_cycles() == start)
		panic("the TSC does not count, so no wait could have an end");
	ask_cpu(khz);
	choice = clock_choose(khz);
	factor = (u32)div64_32(NS_SHIFTED, choice.khz);
	cycles_per_us = choice.khz / 1000;
	print_choice(&choice);
}
