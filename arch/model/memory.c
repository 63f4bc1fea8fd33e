/* SPDX-License-Identifier: MIT */
#include <asm/page.h>
#include <asm/pgtable.h>

#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"
#include "kernel/printk.h"

static u8 direct[MODEL_FRAMES * PAGE_SIZE] __aligned(PAGE_SIZE);
static u8 high[MODEL_FRAMES * PAGE_SIZE] __aligned(PAGE_SIZE);

#ifdef MODEL_FOLDING
unsigned model_levels;
#endif

void memory_reset(void)
{
	memset(direct, 0, sizeof(direct));
	memset(high, 0, sizeof(high));
#ifdef MODEL_FOLDING
	model_levels = MODEL_LEVELS_MAX;
#endif
}

void model_reset(void)
{
	memory_reset();
	cpus_reset();
	tlb_reset();
	devices_reset();
}

paddr_t direct_map_end(void)
{
	return sizeof(direct);
}

void *phys_to_virt(paddr_t pa)
{
	if (pa >= direct_map_end())
		panic("physical address 0x%llx is not in the direct map", (unsigned long long)pa);
	return direct + pa;
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)((const u8 *)p - direct);
}

void *window_map(enum window window, pfn_t pfn)
{
	if (window >= NR_WINDOWS || pfn - MODEL_HIGH_PFN >= MODEL_FRAMES)
		panic("no window %u to pfn 0x%x", window, pfn);
	return high + (pfn - MODEL_HIGH_PFN) * PAGE_SIZE;
}

void clear_page(void *p)
{
	memset(p, 0, PAGE_SIZE);
}

void copy_page(void *to, const void *from)
{
	memcpy(to, from, PAGE_SIZE);
}

void fill_page(void *p, u32 word)
{
	for (size_t i = 0; i < PAGE_SIZE; i += sizeof(word))
		memcpy((u8 *)p + i, &word, sizeof(word));
}

void table_init(void *page, entry_t none)
{
	clear_page(page);
	for (size_t i = 0; i < PTRS_PER_PTE; i++)
		memcpy((u8 *)page + i * sizeof(none), &none, sizeof(none));
}
