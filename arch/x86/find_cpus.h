/* SPDX-License-Identifier: MIT */
/* The CPUs that the firmware's tables list: ACPI's MADT, else the MP tables. */
#pragma once

#include "drivers/cpu_list.h"

/* Reads the tables. rsdp: from the loader, or 0. Between paging_init() and bootmem_finish(). The
 * list stays. */
const struct cpu_list *find_cpus(paddr_t rsdp);
/* Where ACPI's RSDP is, after find_cpus(); 0: nowhere. */
paddr_t find_cpus_rsdp(void);
/* And the MP floating pointer structure, which is looked for only if ACPI lists no CPU; 0:
 * nowhere. */
paddr_t find_cpus_mptable(void);
/* Whether the tables were damaged in a way that may hide CPUs. */
bool find_cpus_incomplete(void);
/* Prints what was wrong with the tables. */
void find_cpus_warn(void);
/* The kind of table that was used, "none" if there was none, and its address in *at. */
const char *find_cpus_source(paddr_t *at);
