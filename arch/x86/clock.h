/* SPDX-License-Identifier: MIT */
/* What clock_init() will measure the TSC by. */
#pragma once

#include "boot/boot_info.h"

/* Reads the ACPI tables below the RSDP at that physical address (0: there is none) and maps what
 * they name, but nothing where boot->ram is. Boot CPU only, between paging_init() and
 * bootmem_finish(). */
void x86_clock_discover(const struct boot_info *boot, paddr_t rsdp);
