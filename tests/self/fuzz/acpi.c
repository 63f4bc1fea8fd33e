/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes drivers/acpi.c and drivers/ioapic_list.c from the RSDP to the lists of CPUs and I/O APICs.
 */
#include "drivers/acpi.h"

#include "drivers/ioapic_list.h"
#include "tests/self/fuzz/tables.h"

static void read_all(paddr_t rsdp, firmware_map_t *map, struct cpu_list *cpus)
{
	struct ioapic_list ioapics = {.count = 0};
	size_t n = 0;
	const u8 *madt;

	acpi_read_cpus(rsdp, map, cpus);
	madt = acpi_find(rsdp, "APIC", map, &n);
	if (madt)
		ioapic_list_madt(madt, n, &ioapics);
	MUST(ioapics_are_sound(&ioapics, n));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	read_tables((struct input){data, size}, read_all, acpi_rsdp_scan);
	return 0;
}
