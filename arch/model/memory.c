/* SPDX-License-Identifier: MIT */
/* Memory is two arrays of frames, reached by the kernel in two ways. */
#include <asm/page.h>

#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "kernel/printk.h"

static u8 direct[MODEL_FRAMES * PAGE_SIZE] __aligned(PAGE_SIZE);
static u8 high[MODEL_FRAMES * PAGE_SIZE] __aligned(PAGE_SIZE);

void memory_reset(void)
{
	memset(direct, 0, sizeof(direct));
	memset(high, 0, sizeof(high));
}

paddr_t direct_map_end(void)
{
	return sizeof(direct);
}

/* The address comes from a loaded number, so accesses by it come after that load. */
static void *depends(u8 *page)
{
	old_forget(&model_cpu[cpu_id()], (u64)page, PAGE_SIZE);
	return page;
}

void *phys_to_virt(paddr_t pa)
{
	if (pa >= direct_map_end())
		panic("physical address 0x%llx is not in the direct map", (unsigned long long)pa);
	depends(direct + ALIGN_DOWN(pa, PAGE_SIZE));
	return direct + pa;
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)((const u8 *)p - direct);
}

bool model_has_frame(pfn_t pfn)
{
	return pfn < MODEL_FRAMES || pfn - MODEL_HIGH_PFN < MODEL_FRAMES;
}

void *model_frame(pfn_t pfn)
{
	if (pfn < MODEL_FRAMES)
		return direct + pfn * PAGE_SIZE;
	if (pfn - MODEL_HIGH_PFN < MODEL_FRAMES)
		return high + (pfn - MODEL_HIGH_PFN) * PAGE_SIZE;
	panic("pfn 0x%x: there is no memory", pfn);
}

void *window_map(enum window window, pfn_t pfn)
{
	if (window >= NR_WINDOWS || pfn - MODEL_HIGH_PFN >= MODEL_FRAMES)
		panic("no window %u to pfn 0x%x", window, pfn);
	return depends(model_frame(pfn));
}
