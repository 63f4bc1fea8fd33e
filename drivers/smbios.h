/* SPDX-License-Identifier: MIT */
/*
 * Who made the machine and its firmware: SMBIOS (System Management BIOS Reference Specification
 * 3.6), found by itself in a BIOS ROM or by UEFI's configuration table (UEFI Specification 2.10,
 * 4.3 and 4.6). Names only; nothing depends on them. Tables are bytes, made readable by the caller.
 */
#pragma once

#include "drivers/cpu_list.h"

#define SMBIOS_ENTRY_MAX 32u /* bytes of either kind of entry point */

/* Longer names are cut, and end in "...". The specification had a limit of 64 up to 2.6. */
#define SMBIOS_NAME  128u
#define SMBIOS_TITLE (3 * SMBIOS_NAME) /* of several names, with what stands between them */

/* Without blanks at either end. */
struct smbios_names {
	char vendor[SMBIOS_NAME], version[SMBIOS_NAME]; /* of the firmware; "": not said */
	char date[32];
	char maker[SMBIOS_NAME], product[SMBIOS_NAME]; /* of the machine */
};

/* Offset of an entry point in n bytes, at a multiple of 16 (5.2); n if there is none. */
size_t smbios_scan(const u8 *p, size_t n);
/* The entry point at `entry`; *names is filled with what could be read. */
void smbios_read(paddr_t entry, firmware_map_t *map, struct smbios_names *names);
/* "vendor version date, kind" and "maker product", without what was not said. */
void smbios_firmware(const struct smbios_names *names, const char *kind, char title[SMBIOS_TITLE]);
void smbios_machine(const struct smbios_names *names, char title[SMBIOS_TITLE]);
/* system_table: of UEFI, with pointers of 32 or 64 bits; 0 if it names no SMBIOS. */
paddr_t efi_find_smbios(paddr_t system_table, unsigned bits, firmware_map_t *map);
