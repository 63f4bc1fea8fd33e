/* SPDX-License-Identifier: MIT */
/* Gives out memory by bytes, in frames of its own. */
#include "mm/page/exact.h"

#include "mm/page/page.h"

/* A row of frames is a power of two long. */
static u32 frames_for(size_t size)
{
	u32 frames = 1;

	while (frames * PAGE_SIZE < size)
		frames *= 2;
	return frames;
}

size_t exact_room(size_t size)
{
	return frames_for(size) * PAGE_SIZE;
}

void *alloc_pages_exact(size_t size)
{
	struct page *page = alloc_pages(ZONE_DIRECT, frames_for(size));

	return page ? phys_to_virt((paddr_t)page_to_pfn(page) << PAGE_SHIFT) : NULL;
}

void free_pages_exact(void *at, size_t size)
{
	pfn_t pfn;

	if (!at)
		return;
	pfn = (pfn_t)(virt_to_phys(at) >> PAGE_SHIFT);
	for (u32 i = 0; i < frames_for(size); i++)
		put_page(pfn_to_page(pfn + i));
}
