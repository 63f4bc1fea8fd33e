/* SPDX-License-Identifier: MIT */
/*
 * Work beside the kernel on a PC, in system management mode for instance, done here by a CPU
 * missing in all tables while Zapwalk runs.
 */
#include "tests/self/boot/firmware/firmware.h"
#include <asm/io.h>

/* BIOSes are known to write to the first 64 KiB. Linux can look for it (X86_CHECK_BIOS_CORRUPTION),
 * and leaves the first MiB alone ("x86/setup: Always reserve the first 1M of RAM"). Run with 3
 * CPUs. */
#define WRITES_START 0x8000u
#define WRITES_MASK  0x7ffcu
#define WRITES_US    200u

static void write_low_memory(u32 id)
{
	if (id != 2)
		return;
	cpus_await_release();
	for (u32 x = 1;; x = x * 1103515245 + 12345) { /* as in the C standard's rand() */
		mmio_write32((void *)(WRITES_START + (x >> 16 & WRITES_MASK)), x);
		spend_us(WRITES_US);
	}
}

FIRMWARE_CASE(low_writes) = {.name = "low-writes", .listed = 2, .secondary = write_low_memory};

/* CPU 2 is in no table. It is sent the start-up signal together with the CPUs started by Zapwalk,
 * and later an NMI, as a chipset sends it to all CPUs. CPU 3 does this. Run with 4 CPUs. */
static void wake_unlisted(u32 id)
{
	u32 page;

	if (id != 3)
		return;
	cpus_await_release();
	apic_write(APIC_SVR, SVR_ENABLED);
	apic_send(2, ICR_INIT);
	page = await_trampoline();
	if (!page)
		return;
	apic_send(2, ICR_STARTUP | page >> 12);
	firmware_note("CPU 2 was sent the start-up signal");
	spend_us(20000);
	firmware_note("CPU 2 is sent an NMI"); /* before it, because it may reset the machine */
	apic_send(2, ICR_NMI);
}

FIRMWARE_CASE(unlisted_wakes) = {.name = "unlisted-wakes", .listed = 2, .secondary = wake_unlisted};

/* Two CPUs have one id, and the second comes when Zapwalk already works with the first. A signal to
 * that id would reach only one of them in QEMU. So CPU 2 is sent its INIT by its logical id, and
 * the INIT takes the logical id away. It is sent the start-up signal together with all other CPUs,
 * and they ignore it. Run with 4 CPUs. */
#define LOGICAL_ID 0x80u
#define SECOND_US  500000u

static void share_an_id(u32 id)
{
	u32 page;

	if (id == 2) {
		apic_write(APIC_SVR, SVR_ENABLED);
		apic_write(APIC_LDR, LOGICAL_ID << 24);
		apic_write(APIC_ID, 1u << 24);
	}
	if (id != 3)
		return;
	cpus_await_release();
	apic_write(APIC_SVR, SVR_ENABLED);
	page = await_trampoline();
	if (!page)
		return;
	spend_us(SECOND_US);
	apic_send(LOGICAL_ID, ICR_INIT | ICR_LOGICAL);
	spend_us(10000);
	apic_send(0, ICR_STARTUP | ICR_ALL_OTHERS | page >> 12);
	firmware_note("CPU 2 was sent the start-up signal");
}

FIRMWARE_CASE(shared_id) = {.name = "shared-id", .listed = 2, .secondary = share_an_id};

/* A spurious IRQ 7. An 8259 raises it if a request is gone before it is acknowledged (8259A data
 * sheet). No mask of Zapwalk's holds it back. It arrives at CPU 1 while that CPU works for Zapwalk.
 * Run with 3 CPUs. */
#define IRQ7_VECTOR 0x0fu
#define UP_US	    100000u
#define STORM_US    50u
#define STORM_SENT  1000u /* more than Zapwalk takes for leftovers, though some become one */

static bool await_cpu_1(u32 id)
{
	if (id != 2)
		return false;
	cpus_await_release();
	apic_write(APIC_SVR, SVR_ENABLED);
	if (!await_trampoline())
		return false;
	spend_us(UP_US);
	firmware_note("CPU 1 is sent vector 0x0f");
	return true;
}

static void send_irq7(u32 id)
{
	if (await_cpu_1(id))
		apic_send(1, IRQ7_VECTOR);
}

FIRMWARE_CASE(irq7_late) = {.name = "irq7-late", .listed = 2, .secondary = send_irq7};

/* The same for ever, so it is no leftover any more. */
static void send_irq7_for_ever(u32 id)
{
	if (!await_cpu_1(id))
		return;
	for (unsigned sent = 1;; sent++) {
		apic_send(1, IRQ7_VECTOR);
		spend_us(STORM_US);
		if (sent == STORM_SENT)
			firmware_note("CPU 1 was sent a thousand of them");
	}
}

FIRMWARE_CASE(irq7_storm) = {.name = "irq7-storm", .listed = 2, .secondary = send_irq7_for_ever};
