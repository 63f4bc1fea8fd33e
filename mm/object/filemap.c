/* SPDX-License-Identifier: MIT */
/* Keeps the pages of a file. */
#include "mm/object/file.h"

/* Returns the page in the cache, with a reference, or NULL. */
static struct page *find_get_page(struct file *file, u32 index)
{
	struct page *page;

	object_lock(&file->object);
	page = file->cache[index].page;
	if (page)
		get_page(page);
	object_unlock(&file->object);
	return page;
}

/* Puts the page into the cache, if the file still has a place for it. Returns the page, or the one
 * that another CPU put there first, with a reference for the caller. */
static struct page *add_to_page_cache(struct file *file, u32 index, struct page *page)
{
	struct page *there;

	object_lock(&file->object);
	there = file->cache[index].page;
	if (there) {
		get_page(there);
	} else if (index < file_pages(file)) {
		get_page(page);
		page->object = &file->object;
		page->index = index;
		page_set_file(page, &file->cache[index].dirty);
		WRITE_ONCE(file->cache[index].page, page);
	}
	object_unlock(&file->object);
	if (!there)
		return page;
	put_page(page);
	return there;
}

/* The new page is cleared before any other CPU can find it, and without the lock. */
struct page *filemap_get_page(struct file *file, u32 index)
{
	struct page *page = find_get_page(file, index);

	if (page)
		return page;
	page = file->flags & FILE_DAX ? alloc_store() : alloc_page(ZONE_DIRECT);
	if (!page)
		return NULL;
	clear_page(page_map(page_to_pfn(page), WINDOW_A));
	race_point(filemap_unlocked);
	return add_to_page_cache(file, index, page);
}
