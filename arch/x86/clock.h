/* SPDX-License-Identifier: MIT */
/* What clock_init() will measure the TSC by. */
#pragma once

#include "kernel/compiler.h"

/* Reads the ACPI tables below the RSDP at that physical address (0: there is none) and maps what
 * they name. Boot CPU only, between paging_init() and bootmem_finish(). */
void x86_clock_discover(paddr_t rsdp);
