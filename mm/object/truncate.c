/* SPDX-License-Identifier: MIT */
/* Changes the size of a file. */
#include "kernel/errno.h"
#include "mm/object/file.h"

/* Takes the page off all mappings and out of the file. A fault either has mapped it before, or does
 * not find it under the page lock any more. Other users of the page keep the frame. */
static void truncate_page(struct file *file, u32 index)
{
	struct cached_page *cached = &file->cache[index];
	struct page *page, *store;

	page_lock(file, index);
	unmap_mapping_page(file, index);
	object_lock(&file->object);
	page = remove_cached(cached);
	object_unlock(&file->object);
	store = cached->store;
	cached->store = NULL;
	WRITE_ONCE(cached->dirty, false);
	page_unlock(file, index);
	put_cached(page, store);
}

/* What lies behind the end in the last page is zeros, so it is also when the file grows again. The
 * size lock keeps the page in the file, but a fault may put one there. Linux
 * truncate_inode_partial_folio(), pagecache_isize_extended(). */
static void clear_behind(struct file *file, u32 size)
{
	u32 index = size >> PAGE_SHIFT;
	struct page *page;
	u8 *bytes;

	if (size % PAGE_SIZE == 0)
		return;
	page_lock(file, index);
	page = READ_ONCE(file->cache[index].page);
	if (page) {
		WRITE_ONCE(file->cache[index].dirty, true);
		bytes = page_map(page_to_pfn(page), WINDOW_A);
		for (u32 i = size % PAGE_SIZE; i < PAGE_SIZE; i++)
			WRITE_ONCE(bytes[i], 0);
	}
	page_unlock(file, index);
}

/* No page is put into the cache behind the new end from here on. */
static void set_size(struct file *file, u32 size)
{
	object_lock(&file->object);
	WRITE_ONCE(file->size, size);
	object_unlock(&file->object);
	race_point(truncate_sized);
}

/* Call with the size lock held. What becomes a part of a longer file is cleared before anybody can
 * find it longer, because a store that comes after the growth must not be lost. The rest of the
 * last page of a shorter file is cleared afterwards, with the stores made until then. */
static void resize(struct file *file, u32 size)
{
	u32 old_size = file->size, old_pages = file_pages(file);

	if (size > old_size)
		clear_behind(file, old_size);
	set_size(file, size);
	for (u32 i = file_pages(file); i < old_pages; i++)
		truncate_page(file, i);
	if (size <= old_size)
		clear_behind(file, size);
}

int file_truncate(struct file *file, u32 size)
{
	if (file->flags & FILE_READ_ONLY)
		return -EINVAL;
	if (size > file->nr_cached * PAGE_SIZE)
		return -EFBIG;
	lock_order_enter(LOCK_SIZE);
	spin_lock(&file->size_lock);
	resize(file, size);
	spin_unlock(&file->size_lock);
	lock_order_leave(LOCK_SIZE);
	return 0;
}
