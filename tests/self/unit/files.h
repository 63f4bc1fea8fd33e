/* SPDX-License-Identifier: MIT */
/* A file, the list of its mappings as text, faults on them, and calls with too little memory. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "kernel/hooks/inject.h"
#include "mm/fault/vm_fault.h"
#include "mm/space/fork.h"
#include "tests/self/unit/mappings.h"

#define PRIVATE (MAP_PRIVATE | MAP_FIXED)
#define SHARED	(MAP_SHARED | MAP_FIXED)

static struct file *file;

static inline void with_file(u32 pages)
{
	fresh();
	file = file_create(PAGES(pages), 0);
	assert(file);
	mm_switch(&mm);
}

static inline vaddr_t map_file(unsigned page, unsigned pages, u32 prot, u32 flags, u32 pgoff)
{
	return do_mmap_file(&mm, file, pgoff, AT(page), PAGES(pages), prot, flags);
}

/* The list of the file as text, without an order: "m2-5@0" are the pages 2 to 4 of mm, which are
 * those of the file from 0 on. c is the child. */
static inline const char *list(void)
{
	static char text[300];
	char *end = text;

	*end = 0;
	for (u32 i = 0; i < file->object.nr_mappings; i++) {
		const struct object_mapping *m = &file->object.mappings[i];

		end += sprintf(end, "%s%c%lu-%lu@%u", i ? " " : "", m->mm == &mm ? 'm' : 'c',
			       (m->start - MIN) / PAGE_SIZE, (m->end - MIN) / PAGE_SIZE, m->pgoff);
	}
	return text;
}

/* The VMAs, with the number of the page at their beginning. Without a file it is that of the place
 * where the memory was mapped, and has a dash. */
static inline const char *maps(void)
{
	static char text[300];
	char *end = text;

	*end = 0;
	for (u32 i = 0; i < mm.nr_vmas; i++) {
		const struct vma *vma = &mm.vmas[i];

		end += sprintf(end, "%s%lu-%lu@%u%s", i ? " " : "", (vma->start - MIN) / PAGE_SIZE,
			       (vma->end - MIN) / PAGE_SIZE,
			       vma->file ? vma->pgoff : vma->pgoff - (u32)(MIN >> PAGE_SHIFT),
			       vma->file ? "" : "-");
	}
	return text;
}

#define ARE(expected_maps, expected_list, ...)                                                     \
	do {                                                                                       \
		bool are_ = !strcmp(maps(), expected_maps) && !strcmp(list(), expected_list);      \
		CHECK(are_, __VA_ARGS__);                                                          \
		if (!are_)                                                                         \
			printf("# maps: %s, list: %s\n", maps(), list());                          \
	} while (0)

static inline enum vm_fault_result touch(struct mm *of, unsigned at, u32 cause)
{
	struct fault fault = {.address = AT(at), .cause = FAULT_USER | cause};

	return handle_mm_fault(of, &fault);
}

static inline struct page *page_at(struct mm *of, unsigned at)
{
	return pfn_to_page(entry_pfn(*pte_lookup(of, AT(at))));
}

static inline u32 *word_at(struct mm *of, unsigned at)
{
	return page_map(page_to_pfn(page_at(of, at)), WINDOW_A);
}

static inline bool writable(struct mm *of, unsigned at)
{
	return pte_access_permitted(*pte_lookup(of, AT(at)), true);
}

static inline bool is_mapped(struct mm *of, unsigned at)
{
	pte_t *ptep = pte_lookup(of, AT(at));

	return ptep && !entry_none(entry_read(ptep));
}

/* --- too little memory ---------------------------------------------------------------------- */

static struct page *taken[3 * MODEL_FRAMES];

/* Only so many frames are left, and none above 4 GiB. */
static inline unsigned take_all_but(unsigned free)
{
	unsigned n = 0;

	while ((taken[n] = alloc_page(ZONE_HIGH)))
		n++;
	while ((taken[n] = alloc_page(ZONE_DIRECT)))
		n++;
	for (; free && n; free--)
		put_page(taken[--n]);
	return n;
}

/* How memory is short: only n frames are left, or the allocation after n more fails. */
enum shortage {
	FRAMES_LEFT,
	ONE_FAILS,
	NR_SHORTAGES
};

static inline long call_short(long (*call)(void), enum shortage shortage, unsigned n, bool *short_)
{
	unsigned nr = shortage == FRAMES_LEFT ? take_all_but(n) : 0;
	long result;

	if (shortage == ONE_FAILS)
		inject_oom_after(n + 1);
	result = call();
	*short_ = shortage == ONE_FAILS ? inject_oom_end() : result != 0;
	while (nr--)
		put_page(taken[nr]);
	return result;
}

/* A file of eight pages with three mappings, a dirty page and a private copy of it. */
static inline void before_sweep(void)
{
	with_file(8);
	map_file(0, 4, RW, SHARED, 0);
	map_file(4, 2, RW, PRIVATE, 4);
	map_file(6, 1, RW, PRIVATE, 0); /* so a fork finds room for one, and not for all */
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 6, FAULT_WRITE);
}

static inline void free_all(void)
{
	mm_switch(NULL);
	mm_destroy(&mm);
	put_file(file);
}

/* Returns whether the call was short of memory. It must change no mapping then, and only pages of
 * the file may be there more than before. In any case nothing is left in the end. */
static inline bool sweep_once(long (*call)(void), enum shortage shortage, unsigned n,
			      const char *name)
{
	char before[2][300];
	u32 all, references;
	bool is_short;
	long result;

	machine_reset();
	all = zone_free_frames();
	before_sweep();
	strcpy(before[0], maps());
	strcpy(before[1], list());
	references = file->object.references;
	result = call_short(call, shortage, n, &is_short);
	if (is_short)
		CHECK(result == -ENOMEM && !strcmp(before[0], maps()) &&
			      !strcmp(before[1], list()) && file->object.references == references &&
			      !file->object.nr_promised && page_at(&mm, 0) == file->cache[0].page &&
			      !file->object.lock.owner && !cpus[0].locks_held,
		      "%s %s %u: -ENOMEM, and all is as before", name,
		      shortage == ONE_FAILS ? "without allocation" : "with frames:", n);
	else
		CHECK(!result && n, "%s needs %u", name, n);
	free_all();
	CHECK(zone_free_frames() == all, "and nothing is left in the end");
	return is_short;
}

/* The call with each number of frames until it is successful, and with each of its allocations
 * failing. If it is successful, it leaves nothing but what belongs to the space or the file. */
static inline void sweep(long (*call)(void), const char *name)
{
	for (enum shortage shortage = 0; shortage < NR_SHORTAGES; shortage++)
		for (unsigned n = 0; n < 40 && sweep_once(call, shortage, n, name); n++)
			;
}
