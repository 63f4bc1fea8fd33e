/* SPDX-License-Identifier: MIT */
/* Takes memory out of the list of usable RAM, before the frame allocator exists. */
#include "boot/bootmem.h"
#include "boot/ranges.h"
#include "kernel/printk.h"

static struct boot_info *bootmem;
static paddr_t bootmem_limit;

void bootmem_init(struct boot_info *boot, paddr_t limit)
{
	if (boot->ram_total < BOOT_RAM_MIN)
		refuse_machine(
			"not enough memory: %s lists ram_total=%llu KiB of usable RAM, at least %u KiB needed (a machine of 16 MiB)",
			boot->protocol, (unsigned long long)(boot->ram_total >> 10),
			BOOT_RAM_MIN >> 10);
	bootmem = boot;
	bootmem_limit = limit;
}

/* Takes the bytes from the start of the lowest range with enough room, so no range is split. */
paddr_t boot_alloc(size_t size)
{
	assert(bootmem);
	size = ALIGN_UP(size, BOOT_PAGE);
	for (unsigned i = 0; i < bootmem->nr_ram; i++) {
		paddr_t start = bootmem->ram[i].start;

		if (start < LOW_END || bootmem->ram[i].end - start < size ||
		    start + size > bootmem_limit)
			continue;
		ranges_remove(bootmem, start, start + size);
		return start;
	}
	panic("out of memory at boot: no range of %u KiB in [1 MiB, %llu MiB)",
	      (unsigned)(size >> 10), (unsigned long long)(bootmem_limit >> 20));
}

paddr_t boot_alloc_low(size_t size)
{
	assert(bootmem);
	size = ALIGN_UP(size, BOOT_PAGE);
	for (unsigned i = bootmem->nr_ram; i--;) {
		const struct boot_range *ram = &bootmem->ram[i];
		paddr_t end = ram->end < LOW_END ? ram->end : LOW_END;

		if (ram->start >= end || end - ram->start < size || end - size < BOOT_PAGE)
			continue;
		ranges_remove(bootmem, end - size, end);
		return end - size;
	}
	return 0;
}

void bootmem_finish(void)
{
	bootmem = NULL;
}
