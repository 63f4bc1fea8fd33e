/* SPDX-License-Identifier: MIT */
#include "arch/x86/device.h"
#include "arch/x86/paging.h"
#include "boot/x86/reserve.h"
#include <asm/page.h>

/* boot->ram lacks the image, the firmware's area below 1 MiB and the memory from boot_alloc(). All
 * of these lie in the direct map. Beyond RAM_MAX it says nothing about RAM. */
void *map_device(const struct boot_info *boot, paddr_t at, size_t size)
{
	if (at < direct_map_end() || at > RAM_MAX - size || ranges_touch(boot, at, at + size))
		return NULL;
	return map_physical(at, size, MEMORY_UC);
}
