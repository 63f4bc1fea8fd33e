/* SPDX-License-Identifier: MIT */
/* Collects the addresses of I/O APICs from the MADT or the MP table. */
#include "drivers/bytes.h"
#include "drivers/ioapic_list.h"

#define REGISTERS_ALIGN 16u /* IOREGSEL and IOWIN are 16 bytes apart (82093AA data sheet, 3.1) */

#define MADT_HEADER	 44u
#define MADT_IOAPIC	 1
#define MADT_IOAPIC_SIZE 12u

#define MP_HEADER	  44u
#define MP_HEADER_COUNT	  34
#define MP_PROCESSOR	  0
#define MP_PROCESSOR_SIZE 20u
#define MP_IOAPIC	  2
#define MP_LAST		  4
#define MP_OTHER_SIZE	  8u
#define MP_IOAPIC_USABLE  BIT(0) /* of the byte at 3 */

static bool is_listed(const struct ioapic_list *list, u32 at)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->at[i] == at)
			return true;
	return false;
}

static void add(struct ioapic_list *list, u32 at)
{
	if (is_listed(list, at))
		return;
	if (!at || at % REGISTERS_ALIGN || list->count == IOAPIC_LIST_MAX)
		list->dropped++;
	else
		list->at[list->count++] = at;
}

void ioapic_list_madt(const u8 *madt, size_t n, struct ioapic_list *list)
{
	size_t at = MADT_HEADER;

	while (at < n && n - at >= 2) {
		u8 length = madt[at + 1];

		if (length < 2 || length > n - at)
			return;
		if (madt[at] == MADT_IOAPIC && length >= MADT_IOAPIC_SIZE)
			add(list, get32(madt + at + 4));
		at += length;
	}
}

void ioapic_list_mp(const u8 *table, size_t n, struct ioapic_list *list)
{
	unsigned count = n >= MP_HEADER ? get16(table + MP_HEADER_COUNT) : 0;
	size_t at = MP_HEADER;

	for (unsigned i = 0; i < count && at < n && table[at] <= MP_LAST; i++) {
		size_t size = table[at] == MP_PROCESSOR ? MP_PROCESSOR_SIZE : MP_OTHER_SIZE;

		if (size > n - at)
			return;
		if (table[at] == MP_IOAPIC && table[at + 3] & MP_IOAPIC_USABLE)
			add(list, get32(table + at + 4));
		at += size;
	}
}
