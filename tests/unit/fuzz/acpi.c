/* SPDX-License-Identifier: MIT */
/* drivers/acpi.c: from the RSDP to the list of CPUs. */
#include "drivers/acpi.h"

#include "tests/unit/fuzz/tables.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	read_tables((struct input){data, size}, acpi_read_cpus, acpi_rsdp_scan);
	return 0;
}
