/* SPDX-License-Identifier: MIT */
/*
 * The list of CPUs in the tables of the MultiProcessor Specification 1.4, for machines whose
 * firmware has no ACPI. Pure code, as drivers/acpi.h.
 */
#pragma once

#include "drivers/cpu_list.h"

#define MP_FLOATING 16u /* bytes of the floating pointer structure */
#define MP_HEADER   44u /* of the configuration table's header */

/* p: at least MP_FLOATING bytes. */
bool mptable_floating_valid(const u8 *p);
/* Offset of a floating pointer structure in n bytes, at a multiple of 16 (4.1). n: none. */
size_t mptable_scan(const u8 *p, size_t n);
/* A whole base configuration table (4.2), n bytes. Adds to *list. */
void mptable_parse(const u8 *table, size_t n, struct cpu_list *list);
/* The table that the floating pointer names, if it is sound, its length in *n; else NULL, and *list
 * has the complaint. */
const u8 *mptable_find(paddr_t floating, firmware_map_t *map, size_t *n, struct cpu_list *list);
/* Fills *list from the table that the floating pointer names: count 0 if nothing is of use. */
void mptable_read_cpus(paddr_t floating, firmware_map_t *map, struct cpu_list *list);
