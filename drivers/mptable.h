/* SPDX-License-Identifier: MIT */
/*
 * The list of CPUs in the tables of the MultiProcessor Specification 1.4, for machines with
 * firmware older than ACPI. Pure code, as drivers/acpi.h.
 */
#pragma once

#include "drivers/cpu_list.h"

#define MP_FLOATING 16u /* bytes of the floating pointer structure */
#define MP_HEADER   44u /* of the configuration table's header */

/* At least MP_FLOATING bytes must exist at p. */
bool mptable_floating_valid(const u8 *p);
/* Returns the offset of a floating pointer structure in n bytes, at a multiple of 16 (4.1), or n if
 * there is none. */
size_t mptable_scan(const u8 *p, size_t n);
/* Adds the CPUs of a whole base configuration table of n bytes (4.2) to *list. */
void mptable_parse(const u8 *table, size_t n, struct cpu_list *list);
/* Returns the table of this floating pointer and its length in *n. If there is no sound one,
 * returns NULL and leaves a complaint in *list. */
const u8 *mptable_find(paddr_t floating, firmware_map_t *map, size_t *n, struct cpu_list *list);
/* Fills *list from the table of this floating pointer. Its count is 0 if nothing is of use. */
void mptable_read_cpus(paddr_t floating, firmware_map_t *map, struct cpu_list *list);
