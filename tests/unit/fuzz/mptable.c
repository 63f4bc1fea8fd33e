/* SPDX-License-Identifier: MIT */
/* drivers/mptable.c: from the floating pointer to the list of CPUs. */
#include "drivers/mptable.h"

#include "tests/unit/fuzz/tables.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	read_tables((struct input){data, size}, mptable_read_cpus, mptable_scan);
	return 0;
}
