/* SPDX-License-Identifier: MIT */
/* Interrupts left behind by the firmware. */
#include "tests/self/boot/firmware/firmware.h"
#include <asm/io.h>

/* The firmware used the local APIC's timer, and nobody took a last tick (zephyr issue 26225). It is
 * held pending until Zapwalk turns interrupts on, and no mask takes it back. */
#define TIMER_VECTOR 0x20u

static bool has_vector(u32 reg, u32 vector)
{
	return apic_read(reg + vector / 32 * 0x10) & BIT(vector % 32);
}

static void start_timer(u32 entry, u32 count)
{
	apic_write(APIC_SVR, SVR_ENABLED);
	apic_write(APIC_TIMER_SCALE, TIMER_SCALE_ONE);
	apic_write(APIC_LVT_TIMER, entry);
	apic_write(APIC_TIMER_COUNT, count);
	spend_us(20000);
}

static bool leave_timer_pending(void)
{
	start_timer(TIMER_VECTOR, 1000);
	apic_write(APIC_LVT_TIMER, TIMER_VECTOR | LVT_MASKED);
	return has_vector(APIC_IRR, TIMER_VECTOR);
}

FIRMWARE_CASE(pending_timer) = {.name = "pending-timer", .hand_over = leave_timer_pending};

/* The same timer is left running. One tick is pending, and if its entry is not masked another
 * follows each millisecond. */
#define RUNNING_VECTOR 0x51u

static bool leave_timer_running(void)
{
	start_timer(RUNNING_VECTOR | TIMER_PERIODIC, 1000000);
	return has_vector(APIC_IRR, RUNNING_VECTOR);
}

FIRMWARE_CASE(timer_runs) = {.name = "timer-runs", .hand_over = leave_timer_running};

/* The firmware took an interrupt and never ended it. Its priority class is that of Zapwalk's own
 * interrupts, so none of these arrives as long as it is in service. */
#define TAKEN_VECTOR 0xf8u
#define I8259_MASTER 0x21
#define I8259_SLAVE  0xa1
#define GATE_INT     0x8e00u

void take_interrupt(void);
__asm__(".text\ntake_interrupt: iret\n");

static bool leave_in_service(void)
{
	static u32 gates[2 * (TAKEN_VECTOR + 1)] __aligned(8);
	const u32 handler = (u32)take_interrupt, start = (u32)gates;
	const u16 idtr[3] = {sizeof(gates) - 1, (u16)start, (u16)(start >> 16)};
	u32 code;

	__asm__("movl %%cs,%0" : "=r"(code));
	gates[2 * TAKEN_VECTOR] = code << 16 | (handler & 0xffff);
	gates[2 * TAKEN_VECTOR + 1] = (handler & 0xffff0000) | GATE_INT;
	__asm__ __volatile__("lidt %0" ::"m"(idtr), "m"(gates));
	outb(I8259_MASTER, 0xff); /* no other interrupt has a gate */
	outb(I8259_SLAVE, 0xff);
	apic_write(APIC_SVR, SVR_ENABLED);
	apic_send(apic_read(APIC_ID) >> 24, TAKEN_VECTOR);
	__asm__ __volatile__("sti" ::: "memory");
	spend_us(1000);
	__asm__ __volatile__("cli" ::: "memory");
	return has_vector(APIC_ISR, TAKEN_VECTOR);
}

FIRMWARE_CASE(in_service) = {.name = "in-service", .hand_over = leave_in_service};

/* The I/O APIC's registers are reached by an index and a window (82093AA data sheet, 3.1). Pin n
 * has the words 0x10 + 2n (vector) and 0x11 + 2n (destination, from bit 24). */
#define IOAPIC_INDEX  ((void *)0xfec00000u)
#define IOAPIC_WINDOW ((void *)0xfec00010u)

static void ioapic_write(u32 word, u32 value)
{
	mmio_write32(IOAPIC_INDEX, word);
	mmio_write32(IOAPIC_WINDOW, value);
}

/* Channel 0 of the PIT ticks 18 times a second, as a BIOS leaves it (8254 data sheet). */
#define PIT_CHANNEL0  0x40
#define PIT_COMMAND   0x43
#define PIT_CH0_MODE2 0x34

/* The spurious IRQ 7 of an 8259 with a BIOS's base, 8. It reaches secondary CPUs on PCs with some
 * AMD firmware ("do_IRQ: 1.55 No irq handler for vector"). QEMU's 8259 can only reach the boot CPU,
 * so the timer's line in the I/O APIC stands in for it, at pin 2, or at pin 0 if nothing is
 * rerouted. */
#define IRQ7_VECTOR 0x0fu

static bool leave_timer_on_cpu_1(void)
{
	outb(PIT_COMMAND, PIT_CH0_MODE2);
	outb(PIT_CHANNEL0, 0);
	outb(PIT_CHANNEL0, 0);
	for (u32 pin = 0; pin <= 2; pin += 2) {
		ioapic_write(0x11 + 2 * pin, 1u << 24);
		ioapic_write(0x10 + 2 * pin, IRQ7_VECTOR);
	}
	return true;
}

FIRMWARE_CASE(irq7_by_ioapic) = {.name = "irq7-by-ioapic", .hand_over = leave_timer_on_cpu_1};
