/* SPDX-License-Identifier: MIT */
/*
 * The makers of the machine and of its firmware by SMBIOS (System Management BIOS Reference
 * Specification 3.6). A BIOS ROM is scanned for it, and UEFI's configuration table names it (UEFI
 * Specification 2.10, 4.3 and 4.6). Nothing but messages depends on the names. The caller makes
 * tables readable as bytes.
 */
#pragma once

#include "drivers/cpu_list.h"

#define SMBIOS_ENTRY_MAX 32u /* bytes of either kind of entry point */

/* Longer names are cut, and end in "...". The specification had a limit of 64 up to 2.6. */
#define SMBIOS_NAME  128u
#define SMBIOS_TITLE (3 * SMBIOS_NAME) /* several names with separators */

/* Without blanks at either end. */
struct smbios_names {
	char vendor[SMBIOS_NAME], version[SMBIOS_NAME]; /* of the firmware, "" if not said */
	char date[32];
	char maker[SMBIOS_NAME], product[SMBIOS_NAME]; /* of the machine */
};

/* Returns the offset of an entry point in n bytes, at a multiple of 16 (5.2), or n if there is
 * none. */
size_t smbios_scan(const u8 *p, size_t n);
/* Fills *names with the strings that can be read below the entry point at `entry`. */
void smbios_read(paddr_t entry, firmware_map_t *map, struct smbios_names *names);
/* Writes "vendor version date, kind" or "maker product". Unsaid parts are left out. */
void smbios_firmware(const struct smbios_names *names, const char *kind, char title[SMBIOS_TITLE]);
void smbios_machine(const struct smbios_names *names, char title[SMBIOS_TITLE]);
/* Takes UEFI's system table, with pointers of 32 or 64 bits. Returns 0 if it names no SMBIOS. */
paddr_t efi_find_smbios(paddr_t system_table, unsigned bits, firmware_map_t *map);
