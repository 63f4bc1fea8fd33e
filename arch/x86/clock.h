/* SPDX-License-Identifier: MIT */
/* Finds the counters clock_init() will measure the TSC by. */
#pragma once

#include "boot/boot_info.h"

/* Reads the ACPI tables below the RSDP at this physical address (0 if there is none) and maps the
 * timers in them, but nothing at addresses in boot->ram. Call on the boot CPU, between
 * paging_init() and bootmem_finish(). */
void x86_clock_discover(const struct boot_info *boot, paddr_t rsdp);
