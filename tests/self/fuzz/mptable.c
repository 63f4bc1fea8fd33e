/* SPDX-License-Identifier: MIT */
/* Fuzzes drivers/mptable.c and drivers/ioapic_list.c from the floating pointer to the lists of CPUs
 * and of I/O APICs. */
#include "drivers/mptable.h"

#include "drivers/ioapic_list.h"
#include "tests/self/fuzz/tables.h"

static void read_all(paddr_t floating, firmware_map_t *map, struct cpu_list *cpus)
{
	struct ioapic_list ioapics = {.count = 0};
	struct cpu_list complaints = {.count = 0};
	size_t n = 0;
	const u8 *table;

	mptable_read_cpus(floating, map, cpus);
	table = mptable_find(floating, map, &n, &complaints);
	if (table)
		ioapic_list_mp(table, n, &ioapics);
	MUST(ioapics_are_sound(&ioapics, n));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	read_tables((struct input){data, size}, read_all, mptable_scan);
	return 0;
}
