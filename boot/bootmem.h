/* SPDX-License-Identifier: MIT */
/* Memory for the port before the frame allocator exists. Taken memory leaves boot_info.ram for
 * good. */
#pragma once

#include "boot/boot_info.h"

/* Least usable RAM. Firmware keeps up to 1 MiB of a 16 MiB machine for itself. */
#define BOOT_RAM_MIN (15u << 20)

/* From now on boot_alloc() takes memory from boot->ram below limit, the end of the direct map.
 * Panics if the machine has less than BOOT_RAM_MIN. */
void bootmem_init(struct boot_info *boot, paddr_t limit);
/* Returns the physical address of size bytes, rounded up to pages. It is page-aligned and not below
 * 1 MiB. The content is undefined. Panics if there is no such memory. */
paddr_t boot_alloc(size_t size);
/* As boot_alloc(), but below 1 MiB, where real mode reaches. Takes the highest room there, because
 * firmware writes to the lower part on its own account. Returns 0 if there is none. */
paddr_t boot_alloc_low(size_t size);
/* Ends boot_alloc(), because boot_info now belongs to the kernel. */
void bootmem_finish(void);
