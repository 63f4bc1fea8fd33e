/* SPDX-License-Identifier: MIT */
/* The serial console of the firmware, named by ACPI's SPCR (Microsoft, Serial Port Console
 * Redirection Table, revisions 1 to 4, with the interface types of Microsoft's Debug Port Table 2,
 * table 3). */
#pragma once

#include "drivers/uart8250.h"

/* Fills *place from a whole SPCR of n bytes and returns NULL. Otherwise returns the reason, such as
 * a device not of the 8250 family, or a place out of our reach. For a device in memory, memory_step
 * and access are a guess, because firmware often leaves out the distance between registers. Pure
 * code. */
const char *spcr_parse(const u8 *spcr, size_t n, struct uart8250_place *place);

/* Makes a device's registers at [at, at + size) usable, or returns NULL if nothing may be written
 * there. */
typedef void *spcr_map_t(paddr_t at, size_t size);

/* Looks for the device of the table. If it answers, *uart is ready for use, and `said` is "". If
 * not, `said` holds the reason, with the places and shapes that were tried. */
bool spcr_find(const u8 *spcr, size_t n, spcr_map_t *map, struct uart8250 *uart, char *said,
	       size_t size);
