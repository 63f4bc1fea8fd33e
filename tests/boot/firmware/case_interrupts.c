/* SPDX-License-Identifier: MIT */
/* Interrupts that the firmware left behind. */
#include "tests/boot/firmware/firmware.h"
#include <asm/io.h>

/* Firmware that used the local APIC's timer, and a last tick that nobody took (zephyr issue 26225).
 * It is held pending until Zapwalk turns interrupts on, and no mask takes it back. */
#define TIMER_VECTOR 0x20u

static bool leave_timer_pending(void)
{
	apic_write(APIC_SVR, SVR_ENABLED);
	apic_write(APIC_TIMER_SCALE, TIMER_SCALE_ONE);
	apic_write(APIC_LVT_TIMER, TIMER_VECTOR);
	apic_write(APIC_TIMER_COUNT, 1000);
	spend_us(20000);
	apic_write(APIC_LVT_TIMER, TIMER_VECTOR | LVT_MASKED);
	return apic_read(APIC_IRR + TIMER_VECTOR / 32 * 0x10) & BIT(TIMER_VECTOR % 32);
}

FIRMWARE_CASE(pending_timer) = {.name = "pending-timer", .hand_over = leave_timer_pending};

/* The I/O APIC's registers are reached by an index and a window (82093AA data sheet, 3.1); pin n
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

/* What an 8259 with a BIOS's base, 8, sends as its spurious IRQ 7. It reaches secondary CPUs on PCs
 * with some AMD firmware ("do_IRQ: 1.55 No irq handler for vector"). QEMU's 8259 can only reach the
 * boot CPU, so the timer's line in the I/O APIC stands in for it: pin 2, or 0 where nothing is
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
