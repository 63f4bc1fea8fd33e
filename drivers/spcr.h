/* SPDX-License-Identifier: MIT */
/* The serial console that the firmware uses itself: ACPI's SPCR (Microsoft, Serial Port Console
 * Redirection Table, revision 4). Pure code. */
#pragma once

#include "drivers/uart8250.h"

/* A whole SPCR, n bytes. False if it names no device of the 8250 family, or no place we reach. */
bool spcr_parse(const u8 *spcr, size_t n, struct uart8250_place *place);
