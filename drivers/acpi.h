/* SPDX-License-Identifier: MIT */
/*
 * The list of CPUs in the ACPI tables (ACPI Specification 6.5). Pure code: tables are bytes; only
 * acpi_read_cpus() asks its caller to make them readable.
 */
#pragma once

#include "drivers/cpu_list.h"

#define ACPI_RSDP_OLD  20u /* bytes of a revision 0 RSDP */
#define ACPI_RSDP_SIZE 36u
#define ACPI_HEADER    36u /* bytes of the header of every other table */

/* p: at least ACPI_RSDP_OLD of the n bytes exist. */
bool acpi_rsdp_valid(const u8 *p, size_t n);
/* Offset of an RSDP in n bytes, at a multiple of 16 (5.2.5.1); n if there is none. */
size_t acpi_rsdp_scan(const u8 *p, size_t n);
/* A whole MADT (5.2.12), n bytes. Adds to *cpus. */
void acpi_madt_parse(const u8 *madt, size_t n, struct cpu_list *cpus);
/* From the RSDP to the MADT; *cpus is filled, with count 0 if nothing could be used. */
void acpi_read_cpus(paddr_t rsdp, firmware_map_t *map, struct cpu_list *cpus);
/* The first sound table of that signature below the RSDP, its length in *size; NULL if there is
 * none. */
const u8 *acpi_find(paddr_t rsdp, const char *signature, firmware_map_t *map, size_t *size);
