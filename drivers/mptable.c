/* SPDX-License-Identifier: MIT */
/*
 * Lists the CPUs of the MP table, which older firmware has instead of ACPI's. Sections and tables
 * are those of the Intel MultiProcessor Specification 1.4, chapter 4.
 */
#include "drivers/bytes.h"
#include "drivers/mptable.h"

/* Floating pointer structure (4.1, table 4-1). */
#define FLOATING_TABLE	  4
#define FLOATING_LENGTH	  8 /* in paragraphs of 16 bytes */
#define FLOATING_FEATURE1 11

/* Configuration table header (4.2, table 4-2). */
#define HEADER_LENGTH 4
#define HEADER_COUNT  34

/* Entries of the base table (4.3, tables 4-3 and 4-4). */
#define ENTRY_PROCESSOR 0
#define ENTRY_LAST	4 /* bus, I/O APIC, two kinds of interrupt assignment */
#define PROCESSOR_SIZE	20u
#define OTHER_SIZE	8u
#define PROCESSOR_ID	1
#define PROCESSOR_FLAGS 3
#define FLAG_ENABLED	BIT(0)
#define XAPIC_BROADCAST 0xffu

bool mptable_floating_valid(const u8 *p)
{
	return signature_is(p, "_MP_", 4) && p[FLOATING_LENGTH] == 1 &&
	       sums_to_zero(p, MP_FLOATING);
}

size_t mptable_scan(const u8 *p, size_t n)
{
	for (size_t at = 0; at + MP_FLOATING <= n; at += 16)
		if (mptable_floating_valid(p + at))
			return at;
	return n;
}

void mptable_parse(const u8 *table, size_t n, struct cpu_list *list)
{
	unsigned count = n >= MP_HEADER ? get16(table + HEADER_COUNT) : 0;
	size_t at = MP_HEADER;

	if (n < MP_HEADER) {
		cpu_list_cut(list, "MP table length", n);
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		size_t size;

		if (at >= n) {
			cpu_list_cut(list, "MP table entry count", count);
			return;
		}
		if (table[at] > ENTRY_LAST) { /* of unknown size */
			cpu_list_cut(list, "MP table entry type", table[at]);
			return;
		}
		size = table[at] == ENTRY_PROCESSOR ? PROCESSOR_SIZE : OTHER_SIZE;
		if (size > n - at) {
			cpu_list_cut(list, "MP table length, cut in an entry of type", table[at]);
			return;
		}
		if (table[at] == ENTRY_PROCESSOR)
			cpu_list_add(list, table[at + PROCESSOR_ID], XAPIC_BROADCAST,
				     table[at + PROCESSOR_FLAGS] & FLAG_ENABLED);
		at += size;
	}
}

/* Returns the table at `at` if it is sound, with its length in *size. */
static const u8 *table_at(paddr_t at, firmware_map_t *map, size_t *size, struct cpu_list *list)
{
	const u8 *p = map(at, MP_HEADER);
	size_t n;

	if (!p || !signature_is(p, "PCMP", 4)) {
		cpu_list_complain(list, "MP table signature, table at", at);
		return NULL;
	}
	n = get16(p + HEADER_LENGTH);
	if (n < MP_HEADER) {
		cpu_list_complain(list, "MP table length", n);
		return NULL;
	}
	p = map(at, n);
	if (!p) {
		cpu_list_complain(list, "MP table length, more than there is memory:", n);
		return NULL;
	}
	if (!sums_to_zero(p, n)) {
		cpu_list_complain(list, "MP table checksum, table at", at);
		return NULL;
	}
	*size = n;
	return p;
}

const u8 *mptable_find(paddr_t floating, firmware_map_t *map, size_t *n, struct cpu_list *list)
{
	const u8 *p = map(floating, MP_FLOATING);

	if (!p || !mptable_floating_valid(p))
		cpu_list_complain(list, "MP floating pointer signature, length or checksum, at",
				  floating);
	else if (p[FLOATING_FEATURE1]) /* two CPUs of 1994, and no table (chapter 5) */
		cpu_list_complain(list, "MP default configuration, not supported, type",
				  p[FLOATING_FEATURE1]);
	else if (!get32(p + FLOATING_TABLE))
		cpu_list_complain(list, "MP table address", 0);
	else
		return table_at(get32(p + FLOATING_TABLE), map, n, list);
	return NULL;
}

void mptable_read_cpus(paddr_t floating, firmware_map_t *map, struct cpu_list *list)
{
	const u8 *table;
	size_t n;

	*list = (struct cpu_list){.count = 0};
	table = mptable_find(floating, map, &n, list);
	if (table)
		mptable_parse(table, n, list);
}
