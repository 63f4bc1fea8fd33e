/* SPDX-License-Identifier: MIT */
/* Makes zones of frames out of the boot loader's list of RAM. */
#include "boot/boot_info.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "mm/page/zero.h"

u64 ram_unreachable;

#define HIGH_START ((paddr_t)1 << 32)

static paddr_t clip(paddr_t x, paddr_t start, paddr_t end)
{
	return min(max(x, start), end);
}

/* Finds room for the struct pages and the zero page, at the end of the last directly mapped piece
 * of RAM large enough. */
static paddr_t find_room(const struct boot_info *boot, size_t size)
{
	for (unsigned i = boot->nr_ram; i--;) {
		paddr_t start = min(boot->ram[i].start, direct_map_end());
		paddr_t end = min(boot->ram[i].end, direct_map_end());

		if (end - start >= size)
			return end - size;
	}
	panic("no %lu KiB of RAM in one piece for the frame table", (unsigned long)(size >> 10));
}

static void add_frames(paddr_t from, paddr_t to)
{
	if (from < to)
		zone_add_frames((pfn_t)(from >> PAGE_SHIFT), (pfn_t)(to >> PAGE_SHIFT));
}

/* Gives the RAM in [start, end) to its zone, except [hole_start, hole_end). Works from the top
 * down, so that the lowest frame is given out first. */
static void add_ram(const struct boot_info *boot, paddr_t start, paddr_t end, paddr_t hole_start,
		    paddr_t hole_end)
{
	for (unsigned i = boot->nr_ram; i--;) {
		paddr_t from = clip(boot->ram[i].start, start, end);
		paddr_t to = clip(boot->ram[i].end, start, end);

		add_frames(max(from, hole_end), to);
		add_frames(from, min(to, hole_start));
	}
}

static paddr_t end_of_ram(const struct boot_info *boot)
{
	return boot->nr_ram ? boot->ram[boot->nr_ram - 1].end : 0;
}

void mm_init(const struct boot_info *boot)
{
	pfn_t direct = (pfn_t)(direct_map_end() >> PAGE_SHIFT);
	paddr_t high_end = clip(end_of_ram(boot), HIGH_START, HIGH_START + direct_map_end());
	pfn_t high = (pfn_t)((high_end - HIGH_START) >> PAGE_SHIFT);
	size_t table_size = ALIGN_UP((direct + high) * sizeof(struct page), PAGE_SIZE);
	size_t size = table_size + PAGE_SIZE;
	paddr_t table = find_room(boot, size);
	struct page *pages = phys_to_virt(table);

	zone_init(ZONE_DIRECT, 0, direct, pages);
	zone_init(ZONE_HIGH, (pfn_t)(HIGH_START >> PAGE_SHIFT),
		  (pfn_t)(HIGH_START >> PAGE_SHIFT) + high, pages + direct);
	add_ram(boot, 0, direct_map_end(), table, table + size);
	add_ram(boot, HIGH_START, high_end, HIGH_START, HIGH_START);
	ram_unreachable = boot->ram_unreachable;
	zero_page_init((pfn_t)((table + table_size) >> PAGE_SHIFT));
	printk("# ev=memory direct_frames=%u high_frames=%u used_mib=%u unreachable_mib=%llu\n",
	       zones[ZONE_DIRECT].nr_free, zones[ZONE_HIGH].nr_free,
	       (zones[ZONE_DIRECT].nr_free + zones[ZONE_HIGH].nr_free) >> (20 - PAGE_SHIFT),
	       (unsigned long long)(ram_unreachable >> 20));
}
