/* SPDX-License-Identifier: MIT */
/* The CPUs: started with INIT and start-up signals to all, as firmware does, and given new ids. */
#include "kernel/string.h"
#include "tests/self/boot/firmware/firmware.h"
#include <asm/barrier.h>
#include <asm/io.h>

#define CYCLES_PER_US 5000u    /* of the fastest TSC */
#define START_US      1000000u /* for all CPUs; an emulator's may have to wait for a host CPU */
#define SEND_READS    1000000u
#define ICR_PENDING   BIT(12)

static u32 cpus_up, released;

u32 apic_read(u32 reg)
{
	return mmio_read32((void *)(APIC_BASE + reg));
}

void apic_write(u32 reg, u32 value)
{
	mmio_write32((void *)(APIC_BASE + reg), value);
}

void apic_send(u32 id, u32 command)
{
	for (unsigned i = 0; i < SEND_READS && apic_read(APIC_ICR_LOW) & ICR_PENDING; i++)
		cpu_relax();
	apic_write(APIC_ICR_HIGH, id << 24);
	apic_write(APIC_ICR_LOW, command | ICR_ASSERT);
}

static u64 tsc(void)
{
	u64 cycles;

	__asm__ __volatile__("rdtsc" : "=A"(cycles)::"memory");
	return cycles;
}

void spend_us(u32 us)
{
	u64 from = tsc();

	while (tsc() - from < (u64)us * CYCLES_PER_US)
		cpu_relax();
}

/* Real firmware sets the ids in hardware, before any CPU executes anything. In QEMU's TCG the
 * xAPIC's register can be written, and both its value and the addressing of interrupts follow it.
 */
static u32 take_new_id(void)
{
	u32 id = apic_read(APIC_ID) >> 24;

	if (!the_case->new_id)
		return id;
	id = the_case->new_id(id);
	apic_write(APIC_ID, id << 24);
	return id;
}

void secondary_main(void); /* called by head.S */
void secondary_main(void)
{
	u32 id = take_new_id();

	__atomic_fetch_add(&cpus_up, 1, __ATOMIC_SEQ_CST);
	if (the_case->secondary)
		the_case->secondary(id);
}

void cpus_await_release(void)
{
	while (!READ_ONCE(released))
		cpu_relax();
}

/* Returns whether all CPUs came up in time. */
static bool all_up(unsigned count, u32 within_us)
{
	for (u32 us = 0; READ_ONCE(cpus_up) + 1 < count && us < within_us; us += 100)
		spend_us(100);
	return READ_ONCE(cpus_up) + 1 == count;
}

/*
 * MP specification 1.4, B.4, with the shorthand for all CPUs but this one. The second start-up
 * signal goes out only if a CPU is missing. On a busy host an emulated CPU may take it no sooner
 * than Zapwalk's INIT, and QEMU keeps a signal over an INIT. The CPU would start here again then,
 * and ignore the signals of Zapwalk.
 */
static void signal_all(unsigned count)
{
	apic_write(APIC_SVR, SVR_ENABLED);
	apic_send(0, ICR_INIT | ICR_ALL_OTHERS);
	spend_us(10000);
	for (unsigned i = 0; i < 2 && !all_up(count, 0); i++) {
		apic_send(0, ICR_STARTUP | ICR_ALL_OTHERS | (u32)ap_start_page >> 12);
		all_up(count, START_US / 2);
	}
}

void cpus_start(unsigned count)
{
	u32 id;

	memcpy(ap_start_page, ap_start, (size_t)(ap_start_end - ap_start));
	if (count > 1)
		signal_all(count);
	id = take_new_id();
	print("# firmware:");
	print_number("cpus", READ_ONCE(cpus_up) + 1);
	print_number("boot_cpu", id);
	print("\n");
	if (READ_ONCE(cpus_up) + 1 != count)
		refuse("a CPU of the MADT did not start");
	if (apic_read(APIC_ID) >> 24 != id)
		refuse("the local APIC's id cannot be written (it can in QEMU's TCG, without x2APIC)");
}

void cpus_release(void)
{
	WRITE_ONCE(released, 1);
}
