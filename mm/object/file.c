/* SPDX-License-Identifier: MIT */
/* Begins and ends files. */
#include "mm/object/file.h"

#include "mm/page/exact.h"

static size_t cache_size(const struct file *file)
{
	return file->nr_cached * sizeof(*file->cache);
}

struct file *file_create(size_t size, u32 flags)
{
	struct file *file;

	if (size > FILE_SIZE_MAX)
		return NULL;
	file = alloc_pages_exact(sizeof(*file));
	if (!file)
		return NULL;
	*file = (struct file){.object = {.references = 1, .kind = OBJECT_FILE},
			      .size = (u32)size,
			      .flags = flags};
	file->nr_cached = file_pages(file);
	if (!size)
		return file;
	file->cache = alloc_pages_exact(cache_size(file));
	if (!file->cache) {
		free_pages_exact(file, sizeof(*file));
		return NULL;
	}
	for (u32 i = 0; i < file->nr_cached; i++)
		file->cache[i] = (struct cached_page){.page = NULL};
	return file;
}

void file_free(struct file *file)
{
	for (u32 i = 0; i < file->nr_cached; i++) {
		struct page *store = file->cache[i].store;

		put_cached(remove_cached(&file->cache[i]), store);
	}
	free_pages_exact(file->cache, cache_size(file));
	free_pages_exact(file, sizeof(*file));
}
