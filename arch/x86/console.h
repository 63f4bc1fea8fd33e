/* SPDX-License-Identifier: MIT */
/* The part of the console that waits for page tables and firmware tables. */
#pragma once

#include "boot/boot_info.h"

/* Between paging_init() and bootmem_finish(). rsdp: of ACPI, or 0. A serial port in memory that
 * console= names is there from now on; without that option, the one that the firmware's SPCR names,
 * if it answers. boot->ram: where nothing may be written to look for it. */
void x86_console_init(const struct boot_info *boot, paddr_t rsdp);
/* "# ev=console ..." */
void x86_console_print(void);
