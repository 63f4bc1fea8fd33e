/* SPDX-License-Identifier: MIT */
#include "tests/self/unit/physical.h"

#include "drivers/acpi.h"
#include "drivers/mptable.h"
#include "drivers/smbios.h"
#include "tests/self/unit/bytes.h"

static struct {
	paddr_t at;
	const u8 *bytes;
	size_t size;
} pieces[PHYSICAL_PIECES];
static unsigned nr_pieces;
static u8 *maps[1024];
static unsigned nr_maps;

bool physical_sets_checksums;

void physical_reset(void)
{
	while (nr_maps)
		free(maps[--nr_maps]);
	nr_pieces = 0;
}

bool physical_add(paddr_t at, const u8 *bytes, size_t size)
{
	if (nr_pieces == PHYSICAL_PIECES)
		return false;
	pieces[nr_pieces].at = at;
	pieces[nr_pieces].bytes = bytes;
	pieces[nr_pieces++].size = size;
	return true;
}

/* Sets each table's checksum at its place in drivers/acpi.h, mptable.h and smbios.h. */
static void set_checksums(u8 *p, size_t n)
{
	if (n >= ACPI_RSDP_OLD && !memcmp(p, "RSD PTR ", 8)) {
		set_checksum(p, ACPI_RSDP_OLD, 8);
		if (n > 32)
			set_checksum(p, n, 32);
	} else if (n >= MP_FLOATING && !memcmp(p, "_MP_", 4)) {
		set_checksum(p, MP_FLOATING, 10);
	} else if (n >= MP_HEADER && !memcmp(p, "PCMP", 4)) {
		set_checksum(p, n, 7);
	} else if (n == SMBIOS_ENTRY_MAX && !memcmp(p, "_SM3_", 5)) {
		set_checksum(p, p[6] < n ? p[6] : n, 5);
	} else if (n == SMBIOS_ENTRY_MAX && !memcmp(p, "_SM_", 4)) {
		set_checksum(p, p[5] < n ? p[5] : n, 4);
	} else if (n >= ACPI_HEADER) {
		set_checksum(p, n, 9);
	}
}

const u8 *physical_map(paddr_t at, size_t size)
{
	for (unsigned i = 0; i < nr_pieces && nr_maps < ARRAY_SIZE(maps); i++) {
		u8 *copy;

		if (at < pieces[i].at || at - pieces[i].at > pieces[i].size ||
		    size > pieces[i].size - (at - pieces[i].at))
			continue;
		copy = exact_copy(pieces[i].bytes + (at - pieces[i].at), size);
		if (physical_sets_checksums)
			set_checksums(copy, size);
		return maps[nr_maps++] = copy;
	}
	return NULL;
}
