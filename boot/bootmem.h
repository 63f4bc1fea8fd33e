/* SPDX-License-Identifier: MIT */
/* Memory for the port before the frame allocator exists. What is taken leaves boot_info.ram for
 * good. */
#pragma once

#include "boot/boot_info.h"

/* Least usable RAM: firmware keeps up to 1 MiB of a 16 MiB machine for itself. */
#define BOOT_RAM_MIN (15u << 20)

/* From now on boot_alloc() takes from boot->ram, below limit (the end of the direct map). Panics if
 * the machine has less than BOOT_RAM_MIN. */
void bootmem_init(struct boot_info *boot, paddr_t limit);
/* Physical address of size bytes, rounded up to pages, page-aligned, at or above 1 MiB. Content
 * undefined. Panics if there is none. */
paddr_t boot_alloc(size_t size);
/* The same below 1 MiB, where real mode reaches, as high as there is room, because firmware writes
 * to the lower part on its own account. 0 if there is none. */
paddr_t boot_alloc_low(size_t size);
/* No more: boot_info belongs to the kernel. */
void bootmem_finish(void);
