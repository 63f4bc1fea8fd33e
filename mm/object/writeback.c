/* SPDX-License-Identifier: MIT */
/* Writes the dirty pages of a file to its store. */
#include "kernel/errno.h"
#include "mm/object/file.h"

static bool store_fails(struct cached_page *cached)
{
	if (!cached->failing)
		return false;
	cached->failing--;
	return true;
}

/* Call with the page lock held. The page is clean before its checksum is made, so a later store
 * finds an entry that does not let it through. */
static int write_page(struct file *file, u32 index)
{
	struct cached_page *cached = &file->cache[index];
	u32 checksum;

	if (!cached->store)
		cached->store = file->flags & FILE_DAX ? cached->page : alloc_store();
	if (!cached->store)
		return -ENOMEM;
	page_mkclean(file, index);
	WRITE_ONCE(cached->dirty, false);
	checksum = page_checksum(cached->page);
	race_value(checksum_done, checksum);
	if (store_fails(cached)) {
		WRITE_ONCE(cached->dirty, true);
		return -EIO;
	}
	if (cached->store != cached->page)
		copy_page(page_map(page_to_pfn(cached->store), WINDOW_B),
			  page_map(page_to_pfn(cached->page), WINDOW_A));
	cached->checksum = checksum;
	return 0;
}

int file_writeback(struct file *file)
{
	int error = 0;

	for (u32 i = 0; i < file_pages(file); i++) {
		int failed = 0;

		page_lock(file, i);
		if (READ_ONCE(file->cache[i].dirty))
			failed = write_page(file, i);
		page_unlock(file, i);
		if (!error)
			error = failed;
	}
	return error;
}
