/* SPDX-License-Identifier: MIT */
/* Allocates and frees the frames of page tables, kept on a list of their space. */
#include "mm/table/table.h"

#include "mm/page/page.h"
#include "mm/table/pgtable.h"

static void list_add(struct mm *mm, pfn_t frame)
{
	struct page *page = pfn_to_page(frame);

	page->next = mm->tables;
	if (mm->tables != PFN_NONE)
		pfn_to_page(mm->tables)->prev = frame;
	mm->tables = frame;
}

void table_remember(struct mm *mm, pfn_t table, entry_t none)
{
	for (unsigned i = 0; i < table_frames(none); i++)
		list_add(mm, table + i);
}

pfn_t table_alloc(entry_t none)
{
	struct page *page = alloc_pages(ZONE_DIRECT, table_frames(none));
	pfn_t table;

	if (!page)
		return PFN_NONE;
	table = page_to_pfn(page);
	table_init(phys_to_virt((paddr_t)table << PAGE_SHIFT), none);
	return table;
}

void table_forget(struct mm *mm, pfn_t table)
{
	struct page *page = pfn_to_page(table);

	if (page->prev == PFN_NONE)
		mm->tables = page->next;
	else
		pfn_to_page(page->prev)->next = page->next;
	if (page->next != PFN_NONE)
		pfn_to_page(page->next)->prev = page->prev;
	page->next = page->prev = PFN_NONE;
}

void table_free_all(struct mm *mm)
{
	while (mm->tables != PFN_NONE) {
		pfn_t table = mm->tables;

		table_forget(mm, table);
		put_page(pfn_to_page(table));
	}
}
