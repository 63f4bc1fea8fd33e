/* SPDX-License-Identifier: MIT */
/*
 * The list of CPUs in the ACPI tables (ACPI Specification 6.5). Pure code over bytes. Only
 * acpi_read_cpus() and acpi_find() ask their caller to make tables readable.
 */
#pragma once

#include "drivers/cpu_list.h"

#define ACPI_RSDP_OLD  20u /* bytes of a revision 0 RSDP */
#define ACPI_RSDP_SIZE 36u
#define ACPI_HEADER    36u /* bytes of the header of every other table */

/* At least ACPI_RSDP_OLD of the n bytes must exist. */
bool acpi_rsdp_valid(const u8 *p, size_t n);
/* Returns the offset of an RSDP in n bytes, at a multiple of 16 (5.2.5.1), or n if there is
 * none. */
size_t acpi_rsdp_scan(const u8 *p, size_t n);
/* Adds the CPUs of a whole MADT of n bytes (5.2.12) to *cpus. */
void acpi_madt_parse(const u8 *madt, size_t n, struct cpu_list *cpus);
/* Walks from the RSDP to the MADT and fills *cpus. Its count is 0 if nothing could be used. */
void acpi_read_cpus(paddr_t rsdp, firmware_map_t *map, struct cpu_list *cpus);
/* Returns the first sound table with this signature below the RSDP and its length in *size, or NULL
 * if there is none. */
const u8 *acpi_find(paddr_t rsdp, const char *signature, firmware_map_t *map, size_t *size);
