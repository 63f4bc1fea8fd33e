/* SPDX-License-Identifier: MIT */
/* MADTs with entries that name no CPU (ACPI 6.5, 5.2.12). */
#include "tests/self/boot/firmware/firmware.h"

/* As on a NovaCustom NV4x (Dasharo issue 1094), eight enabled entries with one id follow the real
 * CPUs. The id is 0x17161514, four numbers in a row. */
#define BOGUS(uid) MADT_X2APIC_CPU(uid, 0x14, 0x15, 0x16, 0x17)
static const u8 bogus_entries[] = {
	BOGUS(16), BOGUS(17), BOGUS(18), BOGUS(19), BOGUS(20), BOGUS(21), BOGUS(22), BOGUS(23),
};

FIRMWARE_CASE(bogus_x2apic) = {
	.name = "bogus-x2apic",
	.more = bogus_entries,
	.more_size = sizeof(bogus_entries),
};

/* Some ids mean "all CPUs" in one mode of the local APIC, so they cannot be one CPU's. */
static const u8 xapic_broadcast[] = {MADT_CPU(9, 0xff, 1)};

FIRMWARE_CASE(id_0xff) = {
	.name = "id-0xff",
	.more = xapic_broadcast,
	.more_size = sizeof(xapic_broadcast),
};

static const u8 x2apic_broadcast[] = {MADT_X2APIC_CPU(9, 0xff, 0xff, 0xff, 0xff)};

FIRMWARE_CASE(id_0xffffffff) = {
	.name = "id-0xffffffff",
	.more = x2apic_broadcast,
	.more_size = sizeof(x2apic_broadcast),
};

/* The list breaks off behind the second of four CPUs, so nobody can tell if others follow. */
static const u8 length_0[] = {0, 0, 2, 2, 1, 0, 0, 0};

FIRMWARE_CASE(entry_length_0) = {
	.name = "entry-length-0",
	.listed = 2,
	.more = length_0,
	.more_size = sizeof(length_0),
};

static const u8 past_the_end[] = {0, 8, 2, 2};

FIRMWARE_CASE(entry_past_end) = {
	.name = "entry-past-end",
	.listed = 2,
	.more = past_the_end,
	.more_size = sizeof(past_the_end),
};
