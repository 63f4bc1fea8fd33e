/* SPDX-License-Identifier: MIT */
/* The serial console that the firmware uses itself: ACPI's SPCR (Microsoft, Serial Port Console
 * Redirection Table, revisions 1 to 4; interface types: Microsoft, Debug Port Table 2, table 3). */
#pragma once

#include "drivers/uart8250.h"

/* A whole SPCR, n bytes. NULL, and *place is filled; or why it names no device of the 8250 family,
 * or no place we reach. memory_step and access of a device in memory are a guess, because firmware
 * often leaves out how far apart the registers are. Pure code. */
const char *spcr_parse(const u8 *spcr, size_t n, struct uart8250_place *place);

/* Makes a device's registers at [at, at + size) usable; NULL if nothing may be written there. */
typedef void *spcr_map_t(paddr_t at, size_t size);

/* Looks for the device that the table names. If it answers, *uart is ready for use. In `said` is
 * why not, with what was tried, or "". */
bool spcr_find(const u8 *spcr, size_t n, spcr_map_t *map, struct uart8250 *uart, char *said,
	       size_t size);
