/* SPDX-License-Identifier: MIT */
/* The registers of devices known only from the firmware's tables. */
#pragma once

#include "boot/boot_info.h"

/* Maps [at, at + size) uncached. Returns NULL if it is out of reach or touches memory, because
 * firmware may be wrong, and a driver writes to registers before it knows that the device is there.
 * Call on the boot CPU, between paging_init() and bootmem_finish(). */
void *map_device(const struct boot_info *boot, paddr_t at, size_t size);
