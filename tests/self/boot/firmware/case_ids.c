/* SPDX-License-Identifier: MIT */
/* CPUs with other APIC ids than those from CPUID, because leaf 1 keeps the initial id. */
#include "tests/self/boot/firmware/firmware.h"

FIRMWARE_CASE(plain) = {
	.name = "plain"}; /* with nothing bad, so a failure here is not the case's doing */

static u32 by_16(u32 id)
{
	return id + 16;
}

static u32 by_4(u32 id)
{
	return id + 4;
}

static u32 last_two_swapped(u32 id)
{
	return id == 2 || id == 3 ? 5 - id : id;
}

/* The MADT of an ASUS M5A78L-M PLUS/USB3 with an AMD FX of six cores. Its firmware moves the CPUs'
 * ids up and gives the low ones away, and Linux prints "apicid: 16, initial apicid: 0". Run with 6
 * CPUs. */
static const u8 m5a78l_entries[] = {
	MADT_CPU(1, 0x10, 1), MADT_CPU(2, 0x11, 1), MADT_CPU(3, 0x12, 1), MADT_CPU(4, 0x13, 1),
	MADT_CPU(5, 0x14, 1), MADT_CPU(6, 0x15, 1), MADT_CPU(7, 0x86, 0), MADT_CPU(8, 0x87, 0),
	MADT_IOAPIC(0x16),    MADT_IRQ(0, 2, 0),    MADT_IRQ(9, 9, 0xf),
};

FIRMWARE_CASE(lifted_ids) = {
	.name = "lifted-ids",
	.new_id = by_16,
	.entries = m5a78l_entries,
	.entries_size = sizeof(m5a78l_entries),
};

/* Whether the boot CPU is listed does not matter for the others. Run with 2 CPUs. */
static const u8 second_alone[] = {MADT_CPU(1, 1, 1)};

FIRMWARE_CASE(boot_cpu_unlisted) = {
	.name = "boot-cpu-unlisted",
	.entries = second_alone,
	.entries_size = sizeof(second_alone),
};

/* With 8 CPUs the ids are 4 to 11 and CPUID's are 0 to 7, so an id from 4 to 7 means two CPUs. */
FIRMWARE_CASE(overlapping_ids) = {.name = "overlapping-ids", .new_id = by_4};

/* With 4 CPUs every id of CPUID exists, but for two of them it is the other's. */
FIRMWARE_CASE(swapped_ids) = {.name = "swapped-ids", .new_id = last_two_swapped};
