/* SPDX-License-Identifier: MIT */
#include "boot/bootmem.h"
#include "boot/ranges.h"
#include "kernel/printk.h"

#define LOW_END (1u << 20)

static struct boot_info *bootmem;
static paddr_t bootmem_limit;

void bootmem_init(struct boot_info *boot, paddr_t limit)
{
	if (boot->ram_total < BOOT_RAM_MIN)
		refuse("not enough memory: %s lists ram_total=%llu KiB of usable RAM, at least %u "
		       "KiB "
		       "needed (a machine of 16 MiB)",
		       boot->protocol, (unsigned long long)(boot->ram_total >> 10),
		       BOOT_RAM_MIN >> 10);
	bootmem = boot;
	bootmem_limit = limit;
}

/* From the start of a range, so that taking never splits one. */
static paddr_t take(size_t size, paddr_t from, paddr_t below)
{
	assert(bootmem);
	size = ALIGN_UP(size, BOOT_PAGE);
	for (unsigned i = 0; i < bootmem->nr_ram; i++) {
		paddr_t start = bootmem->ram[i].start;

		if (start < from || bootmem->ram[i].end - start < size || start + size > below)
			continue;
		ranges_remove(bootmem, start, start + size);
		return start;
	}
	return 0;
}

paddr_t boot_alloc(size_t size)
{
	paddr_t pa = take(size, LOW_END, bootmem_limit);

	if (!pa)
		panic("out of memory at boot: no range of %u KiB in [1 MiB, %llu MiB)",
		      (unsigned)(size >> 10), (unsigned long long)(bootmem_limit >> 20));
	return pa;
}

paddr_t boot_alloc_low(size_t size)
{
	return take(size, BOOT_PAGE, LOW_END);
}

void bootmem_finish(void)
{
	bootmem = NULL;
}
