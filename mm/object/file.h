/* SPDX-License-Identifier: MIT */
/*
 * Files: memory that several mappings, and several spaces, can have at once.
 *
 * A file has a size and a page cache, which is an array of its pages by their place in the file.
 * Shared anonymous memory is a file as well. Linux's inode with its address_space is both, and
 * shared anonymous memory is a file of tmpfs (shmem_zero_setup()).
 *
 * A file is an object (mm/object/object.h) and lists its mappings, so that its pages can be found
 * in all spaces. The object lock also covers which pages are in the cache.
 *
 * A page has a lock of its own, the page lock, between the mmap lock and the object lock. A mapping
 * gets the right to store only under this lock. So while the page is written back, no store can
 * begin: it waits, and a page is stable while its checksum and its copy are made. Linux's page lock
 * is no spin lock, and is waited for without the mmap lock. Here nobody takes the mmap lock inside,
 * so a fault can wait at once.
 *
 * A page is dirty if its mark in the cache says so, because a writeback asks no entry. The rule is
 * that the mark comes first. A fault marks the page under the page lock, and only then gives an
 * entry the right to store (mm/fault/file.c). A zap marks the page again if the entry that it takes
 * away is dirty (mm/table/zap.c). So no store is forgotten with its entry, even if the entry got
 * its right in another way. A zap has the lock of the table and not the page lock. This is enough,
 * because a writeback waits for the lock of the table before it takes the mark away, and finds the
 * entry gone or makes it clean. Linux marks pages in both places as well (do_page_mkwrite(),
 * zap_pte_range()). There the zap is needed, as some mappings do not notice the first store.
 *
 * A file can become shorter, and as long again as it was made. Page locks stand in the cache, so
 * the cache keeps its length. A page that leaves the file is unmapped under its page lock, and a
 * fault maps a page under this lock only if it is still in the file.
 *
 * With FILE_DAX the frames of a file are those of its store. A program stores to the store itself,
 * so a writeback copies nothing. It takes the right to store from all mappings and makes the
 * checksum, and Linux flushes the caches of the CPU there as well. A private mapping copies from
 * these frames as from any other. If the file becomes shorter, they leave the store (Linux
 * fs/dax.c).
 *
 * A driver's reference keeps a frame of such a file, and so a piece of the store, from being used
 * for anything else after a truncation. A reference for a short time may do that, and Linux waits
 * for it in a truncation (dax_break_layout()). One for an unlimited time may not, so a pin with
 * FOLL_LONGTERM has to refuse these mappings. Linux check_vma_flags(): vma_is_fsdax(), -EOPNOTSUPP.
 *
 * All locks may be held across shootdowns, so take them with interrupts on.
 *
 * This room lies below the one of spaces, because a mapping names its file. What is done to all
 * mappings of a page needs only the page tables of their spaces.
 */
#pragma once

#include "mm/object/object.h"

#define FILE_SIZE_MAX (1u << 20) /* bytes */

/* Flags of a file. Linux has FMODE_WRITE in the handle, and here every handle of a file is
 * alike. */
#define FILE_READ_ONLY BIT(0) /* no shared mapping may write, and the size stays */
#define FILE_DAX       BIT(1) /* its pages are the store's frames, see above */

/* A place in the page cache. */
struct cached_page {
	struct page *page; /* with a reference, or NULL. Under the object lock */
	struct spinlock lock;
	/* Under this lock, the page lock, from here on. */
	bool dirty;	    /* shared, it may have changed since it was written back. Set by zaps
			       too */
	u32 checksum;	    /* of what was written back */
	struct page *store; /* where, NULL if it never was. With FILE_DAX it is `page` */
	u32 failing;	    /* so many times the store will fail, which is for tests */
};

struct file {
	struct object object;	   /* the first member, see object_file() */
	u32 flags;		   /* FILE_* */
	u32 nr_cached;		   /* places in the cache */
	struct cached_page *cache; /* by number of the page */
	struct spinlock size_lock; /* of those who change the size */
	u32 size;		   /* bytes, shared, changed under this lock and the object lock */
};

/* Makes a file of zeros, and returns it with one reference. Returns NULL if out of memory, or if
 * size, in bytes, is more than FILE_SIZE_MAX. */
struct file *file_create(size_t size, u32 flags);

/* A file has the references of its object. Linux get_file(), fput(). */
static inline void get_file(struct file *file)
{
	get_object(&file->object);
}

static inline void put_file(struct file *file)
{
	put_object(&file->object);
}

/* The file of an object of this kind. */
static inline struct file *object_file(struct object *object)
{
	_Static_assert(offsetof(struct file, object) == 0, "an object begins its file");
	return (struct file *)object;
}

/* For put_object(). Frees the file and its pages. */
void file_free(struct file *file);

/* How many pages the file has, counting a part of one at its end. */
static inline u32 file_pages(const struct file *file)
{
	return (u32)(ALIGN_UP((size_t)READ_ONCE(file->size), PAGE_SIZE) >> PAGE_SHIFT);
}

/* --- the page cache --- */

/* Returns the page with this number, below nr_cached, and a reference on it. If the cache has none,
 * a page of zeros is put there. If the file has become shorter meanwhile, the page of zeros belongs
 * to the caller alone, so ask page_is_cached() under the page lock. Returns NULL if out of memory.
 * Linux filemap_fault(). */
struct page *filemap_get_page(struct file *file, u32 index);

static inline void page_lock(struct file *file, u32 index)
{
	lock_order_enter(LOCK_PAGE);
	spin_lock(&file->cache[index].lock);
}

static inline void page_unlock(struct file *file, u32 index)
{
	spin_unlock(&file->cache[index].lock);
	lock_order_leave(LOCK_PAGE);
}

/* Call with the page lock held. Whether the page is still in the file. Linux folio_lock() and a
 * look at folio->mapping. */
static inline bool page_is_cached(const struct file *file, u32 index, const struct page *page)
{
	return READ_ONCE(file->cache[index].page) == page;
}

/* Makes the file `size` bytes long. Pages beyond the new end leave the file and all mappings, and
 * so do private copies of them. Other references keep the frame of a page, which is in no file any
 * more. Zeros are added if the file becomes longer. Returns 0, -EINVAL (FILE_READ_ONLY), or -EFBIG
 * if it would have more pages than it was made with (ours). Call with no lock held. Linux
 * ftruncate(2), truncate_pagecache(). */
int file_truncate(struct file *file, u32 size);
/* Takes the page with this number, and private copies of it, away from all mappings. Linux
 * unmap_mapping_range(), with even_cows. */
void unmap_mapping_page(struct file *file, u32 index);

/* --- the way to the store --- */

/* Takes the page, or NULL, out of its place. Its reference is the caller's then. Another user may
 * keep the page, which belongs to nothing. Call with the object lock held, or as the last user of
 * the file. Linux __filemap_remove_folio(). */
static inline struct page *remove_cached(struct cached_page *cached)
{
	struct page *page = cached->page;

	if (page)
		WRITE_ONCE(page->object, NULL);
	WRITE_ONCE(cached->page, NULL);
	return page;
}

/* Gives back what a place in the cache had. `page` is in no file from here on. Both may be NULL, or
 * one frame. */
static inline void put_cached(struct page *page, struct page *store)
{
	if (page) {
		page_set_file(page, NULL);
		put_page(page);
	}
	if (store && store != page)
		put_page(store);
}

/* Writes each dirty page to the store. Goes on behind a page that cannot be written, which stays
 * dirty. Returns 0, or the first error: -ENOMEM (no frame for the store), -EIO (the store failed).
 * Call with no lock held. Linux filemap_write_and_wait(), fsync(2). */
int file_writeback(struct file *file);
/* Call with the page lock held. Takes the right to store to the page from all its mappings, and
 * makes their entries clean. On return no CPU stores to it. Linux folio_mkclean(). */
void page_mkclean(struct file *file, u32 index);
