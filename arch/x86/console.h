/* SPDX-License-Identifier: MIT */
/* The late part of the console, once page tables and firmware tables are there. */
#pragma once

#include "boot/boot_info.h"

/* Starts a serial port in memory, the one of console=. Without that option it is the one of the
 * firmware's SPCR, if it answers. rsdp is ACPI's, or 0. The search writes nothing to boot->ram.
 * Call between paging_init() and bootmem_finish(). */
void x86_console_init(const struct boot_info *boot, paddr_t rsdp);
/* "# ev=console ..." */
void x86_console_print(void);
