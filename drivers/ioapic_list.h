/* SPDX-License-Identifier: MIT */
/* The I/O APICs in the tables of the firmware, of either kind. Pure code. */
#pragma once

#include "kernel/compiler.h"

#define IOAPIC_LIST_MAX 64u

struct ioapic_list {
	u32 at[IOAPIC_LIST_MAX]; /* physical addresses, in the table's order, each once */
	unsigned count;
	unsigned dropped; /* not an address, or beyond IOAPIC_LIST_MAX */
};

/*
 * Add the I/O APICs of a sound table of n bytes, of a MADT (ACPI 6.5, 5.2.12.3) or a base
 * configuration table (MP specification 1.4, 4.3.3), where an entry may be marked as unusable. An
 * entry of a wrong length ends the list. acpi_madt_parse() and mptable_parse() complain of it.
 */
void ioapic_list_madt(const u8 *madt, size_t n, struct ioapic_list *list);
void ioapic_list_mp(const u8 *table, size_t n, struct ioapic_list *list);
