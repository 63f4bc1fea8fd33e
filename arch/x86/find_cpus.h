/* SPDX-License-Identifier: MIT */
/* The CPUs in the firmware's tables, in ACPI's MADT or else in the MP tables. */
#pragma once

#include "drivers/cpu_list.h"

/* Reads the tables. rsdp comes from the loader, or is 0. Call between paging_init() and
 * bootmem_finish(). The list stays. */
const struct cpu_list *find_cpus(paddr_t rsdp);
/* Returns the address of ACPI's RSDP, or 0. Call after find_cpus(). */
paddr_t find_cpus_rsdp(void);
/* Returns the address of the MP floating pointer structure, or 0. It is looked for only if ACPI
 * lists no CPU. */
paddr_t find_cpus_mptable(void);
/* Tells whether damage in the tables may hide CPUs. */
bool find_cpus_incomplete(void);
/* Prints a warning for each fault in the tables. */
void find_cpus_warn(void);
/* Returns the kind of the used table, or "none", and its address in *at. */
const char *find_cpus_source(paddr_t *at);
