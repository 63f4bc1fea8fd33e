/* SPDX-License-Identifier: MIT */
/* Takes memory we cannot use from the loader's list of RAM. Pure code, tested in
 * tests/self/unit/test_bootmem.c. */
#pragma once

#include "boot/ranges.h"
#include "boot/x86/bios_area.h"

/* The largest memory the kernel is made for. boot->ram lists nothing beyond it. */
#define RAM_MAX ((paddr_t)64 << 30)

/* Takes from the list all memory beyond the CPU's addresses or RAM_MAX, frame 0 with the real mode
 * vectors and BIOS data, the firmware's area below 1 MiB, and the kernel itself. `end` is the end
 * of this CPU's addresses. Pass bios_data as to bios_area(). */
static inline void reserve_ram(struct boot_info *boot, paddr_t end, const u8 *bios_data,
			       struct boot_range image)
{
	u64 listed = ranges_total(boot);

	ranges_remove(boot, end, ~(paddr_t)0);
	boot->ram_unreachable = listed - ranges_total(boot);
	ranges_remove(boot, RAM_MAX, ~(paddr_t)0);
	ranges_remove(boot, 0, BOOT_PAGE);
	ranges_remove(boot, bios_area(bios_data), LOW_END);
	ranges_remove(boot, image.start, image.end);
}
