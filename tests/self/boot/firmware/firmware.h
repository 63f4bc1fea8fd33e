/* SPDX-License-Identifier: MIT */
/*
 * "Bad firmware" is a multiboot1 kernel for QEMU's -kernel. It brings the PC into a state in which
 * some real firmware leaves it, loads zapwalk.elf (QEMU's -initrd) and starts it as a multiboot2
 * loader does. A struct firmware_case describes the bad state. The last word of the module's string
 * names the case, and the options of -append go to Zapwalk unchanged.
 *
 * It runs in flat 32-bit mode without paging and without interrupts, so an address is a pointer. It
 * prints on COM1 until it hands over. Code that runs later, on a CPU missing in all tables, must
 * stay silent there and has firmware_note().
 */
#pragma once

#include "boot/boot_info.h"
#include "kernel/compiler.h"

/* Memory map entries, with the types of multiboot2 3.6.8. */
struct firmware_range {
	u64 start, end;
	u32 type;
};

#define RANGE_RAM      1u
#define RANGE_RESERVED 2u
#define RANGE_ACPI     3u
#define RANGE_ACPI_NVS 4u

/* Entries of the MADT as bytes (ACPI 6.5, 5.2.12). An x2APIC id has its lowest byte first. */
#define MADT_CPU(uid, id, enabled) 0, 8, (uid), (id), (enabled), 0, 0, 0
#define MADT_IOAPIC(id)		   1, 12, (id), 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0
#define MADT_IRQ(irq, pin, flags)  2, 10, 0, (irq), (pin), 0, 0, 0, (flags), 0
#define MADT_X2APIC_CPU(uid, b0, b1, b2, b3)                                                       \
	9, 16, 0, 0, (b0), (b1), (b2), (b3), 1, 0, 0, 0, (uid), 0, 0, 0

/* A member left out stays as SeaBIOS left it. */
struct firmware_case {
	const char *name;
	/* Returns the new APIC id of the CPU with `id`, for its register and for SeaBIOS's MADT.
	 * CPUID keeps telling the old one. */
	u32 (*new_id)(u32 id);
	const u8 *entries; /* of the MADT, in place of SeaBIOS's */
	size_t entries_size;
	unsigned listed; /* only so many CPUs of SeaBIOS's MADT stay listed, or all if 0 */
	const u8 *more;	 /* entries of the MADT, behind all others */
	size_t more_size;
	const struct firmware_range *map;
	unsigned map_count;
	bool (*screen)(struct boot_framebuffer *screen); /* false if the device is missing */
	/* Called on the boot CPU last before it hands over. Returns false if it failed. */
	bool (*hand_over)(void);
	/* Called on each secondary CPU, with its new id, when it has started. Without it, and after
	 * it, that CPU sleeps until it is sent an INIT. Begin work beside Zapwalk with
	 * cpus_await_release(). */
	void (*secondary)(u32 id);
};

#define FIRMWARE_CASE(c) static const struct firmware_case c __section(".cases")

extern const struct firmware_case cases_start[], cases_end[]; /* firmware.ld */
extern const struct firmware_case *the_case;		      /* main.c */

/* console.c */
void print(const char *text);
void print_number(const char *key, u64 value); /* " key=0x..." */
/* Says why this machine cannot be the case's, and ends QEMU. The runner then finds no verdict. */
_Noreturn void refuse(const char *why);
/* One line on QEMU's debug console (-debugcon), for code that runs while Zapwalk has the UART. */
void firmware_note(const char *text);

/* cpus.c. The local APIC, in xAPIC mode. */
u32 apic_read(u32 reg);
void apic_write(u32 reg, u32 value);
void apic_send(u32 id, u32 command);
/* Waits at least that long, if the TSC counts at 5 GHz or less. */
void spend_us(u32 us);
/* Starts the other CPUs as firmware does, and changes all ids if the case wants it. `count`
 * includes the boot CPU. */
void cpus_start(unsigned count);
/* Called when Zapwalk starts, and on another CPU to wait for that. */
void cpus_release(void);
void cpus_await_release(void);

/* The local APIC's registers and commands (SDM vol. 3, table 11-1 and figure 11-12). */
#define APIC_BASE	 0xfee00000u
#define APIC_ID		 0x020u
#define APIC_LDR	 0x0d0u
#define APIC_SVR	 0x0f0u
#define APIC_ISR	 0x100u
#define APIC_IRR	 0x200u
#define APIC_ICR_LOW	 0x300u
#define APIC_ICR_HIGH	 0x310u
#define APIC_LVT_TIMER	 0x320u
#define APIC_TIMER_COUNT 0x380u
#define APIC_TIMER_SCALE 0x3e0u

#define SVR_ENABLED	0x1ffu
#define LVT_MASKED	0x10000u
#define TIMER_SCALE_ONE 0xbu
#define TIMER_PERIODIC	0x20000u
#define ICR_LOGICAL	0x800u
#define ICR_ASSERT	0x4000u
#define ICR_NMI		0x400u
#define ICR_INIT	0x500u
#define ICR_STARTUP	0x600u
#define ICR_ALL_OTHERS	0xc0000u

/* watch.c */
/* Waits for the page below 1 MiB where Zapwalk starts CPUs. Returns it complete, or 0 with a note
 * if none appears. Its addresses are filled in a moment after it was copied. */
u32 await_trampoline(void);
/* Waits until the clock's second has changed so often, at most a second less than that. */
void await_seconds(unsigned seconds);

/* acpi.c */
unsigned acpi_count_cpus(void); /* enabled ones in SeaBIOS's MADT */
/* Makes the case's tables. Returns the RSDP, of `*size` bytes. */
const u8 *acpi_make(size_t *size);

/* handover.c. `info` is the multiboot1 information of QEMU. */
const char *module_case(const u8 *info);
_Noreturn void hand_over(const u8 *info, const u8 *rsdp, size_t rsdp_size);

/* In head.S, the start of secondary CPUs, with its required place (firmware.ld). */
extern const u8 ap_start[], ap_start_end[];
extern u8 ap_start_page[];
