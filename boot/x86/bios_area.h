/* SPDX-License-Identifier: MIT */
/* The part of the first 640 KiB a PC's firmware keeps for itself. Pure code. */
#pragma once

#include "drivers/bytes.h"
#include "kernel/types.h"

#define BIOS_DATA      0x400u /* 256 bytes, the BIOS's own since the IBM PC */
#define BIOS_DATA_EBDA 0x0e   /* segment of the extended BIOS data area */
#define BIOS_DATA_KIB  0x13   /* KiB of memory below that area and the rest of the firmware's */

/* Firmware takes memory from the top. Less than 128 KiB cannot be meant. The last page is often
 * used although nothing says so (BIOS_START_MIN and BIOS_START_MAX in Linux
 * arch/x86/kernel/ebda.c). */
#define BIOS_AREA_MIN 0x20000u
#define BIOS_AREA_MAX 0x9f000u

/* Returns the start of the firmware's area, which ends at 1 MiB. `data` points to the bytes at
 * BIOS_DATA. Firmware without a BIOS leaves anything there, so impossible words do not count. */
static inline paddr_t bios_area(const u8 *data)
{
	paddr_t start = (paddr_t)get16(data + BIOS_DATA_KIB) << 10;
	paddr_t ebda = (paddr_t)get16(data + BIOS_DATA_EBDA) << 4;

	if (start < BIOS_AREA_MIN || start > BIOS_AREA_MAX)
		start = BIOS_AREA_MAX;
	return ebda >= BIOS_AREA_MIN && ebda < start ? ebda : start;
}
