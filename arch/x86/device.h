/* SPDX-License-Identifier: MIT */
/* The registers of devices that only the firmware's tables name. */
#pragma once

#include "boot/boot_info.h"

/* Maps [at, at + size) uncached; NULL if that is out of reach or touches memory. Firmware may be
 * wrong, and a driver writes to registers before it knows that the device is there. Boot CPU only,
 * between paging_init() and bootmem_finish(). */
void *map_device(const struct boot_info *boot, paddr_t at, size_t size);
