/* SPDX-License-Identifier: MIT */
/* Makes calls of mm/space/mmap.c, mprotect.c, madvise.c and mremap.c by chance, and compares them
 * with a space of single pages. */
#include <string.h>

#include "tests/self/unit/mappings.h"

#define SPACE 30u /* pages from MIN on */

static struct kept {
	u32 flags;
	bool mapped;
	u32 number; /* of the page, from that of MIN on */
	pfn_t page; /* 0 if there is none */
} kept[SPACE];
static u32 state = 1;

static u32 chance(u32 below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

/* Whether the page is of one mapping with the page before it. */
static bool goes_on(u32 i)
{
	return i && kept[i].mapped && kept[i - 1].mapped && kept[i - 1].flags == kept[i].flags &&
	       kept[i - 1].number + 1 == kept[i].number;
}

static u32 kept_vmas(void)
{
	u32 nr = 0;

	for (u32 i = 0; i < SPACE; i++)
		nr += kept[i].mapped && !goes_on(i);
	return nr;
}

/* Each page has its own VMA. The VMAs are the longest runs of pages alike. */
static bool agrees(void)
{
	for (u32 i = 0; i < SPACE; i++) {
		const struct vma *vma = vma_lookup(&mm, AT(i) + 5);
		pte_t *ptep = pte_lookup(&mm, AT(i));

		if (!!vma != kept[i].mapped || (vma && vma->flags != kept[i].flags))
			return false;
		if (vma && linear_page_index(vma, AT(i)) != first_pgoff(MIN) + kept[i].number)
			return false;
		if ((ptep && entry_present(entry_read(ptep)) ? entry_pfn(entry_read(ptep)) : 0) !=
		    kept[i].page)
			return false;
	}
	return kept_vmas() == mm.nr_vmas;
}

static void drop(u32 start, u32 end)
{
	for (u32 i = start; i < end; i++)
		kept[i] = (struct kept){.mapped = false};
}

static void keep(u32 start, u32 end, u32 flags, u32 number)
{
	for (u32 i = start; i < end; i++)
		kept[i] = (struct kept){.flags = flags, .mapped = true, .number = number++};
}

static long kept_mprotect(u32 start, u32 end, u32 prot)
{
	for (u32 i = start; i < end; i++) {
		if (!kept[i].mapped)
			return -ENOMEM;
		kept[i].flags = (kept[i].flags & ~VM_RIGHTS) | prot;
	}
	return 0;
}

static long kept_madvise(u32 start, u32 end)
{
	long error = 0;

	for (u32 i = start; i < end; i++) {
		if (!kept[i].mapped)
			error = -ENOMEM;
		kept[i].page = 0;
	}
	return error;
}

/* The next mremap() moves a range there, with this length. */
static u32 to, new_nr;
static bool fixed;

static bool one_mapping(u32 start, u32 end)
{
	for (u32 i = start; i < end; i++)
		if (!kept[i].mapped || (i != start && !goes_on(i)))
			return false;
	return true;
}

static long kept_move(u32 start, u32 end)
{
	struct kept before[SPACE];
	u32 nr = end - start;

	if (to < start ? start - to < new_nr : to - start < nr)
		return -EINVAL;
	if (!one_mapping(start, start + (nr < new_nr ? nr : new_nr)))
		return -EFAULT;
	memcpy(before, kept, sizeof(kept));
	drop(start, end);
	keep(to, to + new_nr, before[start].flags, before[start].number);
	for (u32 i = 0; i < nr && i < new_nr; i++)
		kept[to + i].page = before[start + i].page;
	return 0;
}

static long kept_mremap(u32 start, u32 end)
{
	u32 new_end = start + new_nr;

	if (!kept[start].mapped)
		return -EFAULT;
	if (fixed)
		return kept_move(start, end);
	if (new_end <= end) {
		drop(new_end, end);
		return 0;
	}
	if (!one_mapping(start, end))
		return -EFAULT;
	for (u32 i = end; i < new_end; i++)
		if (kept[i].mapped)
			return -ENOMEM;
	keep(end, new_end, kept[start].flags, kept[end - 1].number + 1);
	return 0;
}

enum call {
	MMAP,
	MUNMAP,
	MPROTECT,
	MADVISE,
	MREMAP,
	NR_CALLS
};

/* What the call must return, by pages; `kept` is as it is afterwards. */
static long kept_call(enum call call, u32 start, u32 end, u32 prot)
{
	struct kept before[SPACE];
	long result = 0;

	memcpy(before, kept, sizeof(kept));
	if (call == MMAP)
		keep(start, end, prot | ANY_RIGHTS, start);
	else if (call == MUNMAP)
		drop(start, end);
	else if (call == MPROTECT)
		result = kept_mprotect(start, end, prot);
	else if (call == MREMAP)
		result = kept_mremap(start, end);
	else
		return kept_madvise(start, end);
	if (kept_vmas() <= VMAS_MAX)
		return result;
	memcpy(kept, before, sizeof(kept));
	return -ENOMEM;
}

static long make_call(enum call call, u32 start, u32 nr, u32 prot)
{
	vaddr_t va;

	switch (call) {
	case MMAP:
		va = map(start, nr, prot);
		return is_error(va) ? (long)va : va == AT(start) ? 0 : 1;
	case MUNMAP:
		return do_munmap(&mm, AT(start), PAGES(nr));
	case MPROTECT:
		return do_mprotect(&mm, AT(start), PAGES(nr), prot);
	case MREMAP:
		va = do_mremap(&mm, AT(start), PAGES(nr), PAGES(new_nr),
			       fixed ? MREMAP_MAYMOVE | MREMAP_FIXED : 0, AT(to));
		return is_error(va) ? (long)va : va == AT(fixed ? to : start) ? 0 : 1;
	default:
		return do_madvise(&mm, AT(start), PAGES(nr), MADV_DONTNEED);
	}
}

static u32 moved;   /* mappings */
static u32 refused; /* calls with -ENOMEM for want of VMAs */

static bool one_call(void)
{
	enum call call = chance(NR_CALLS);
	u32 start = chance(SPACE), nr = 1 + chance(SPACE - start < 9 ? SPACE - start : 9);
	u32 prot = chance(VM_RIGHTS + 1), touched = chance(SPACE);
	long expected;

	to = chance(SPACE);
	fixed = chance(2);
	new_nr = 1 + chance(SPACE - (fixed ? to : start));
	if (kept[touched].mapped && !kept[touched].page)
		kept[touched].page = page_to_pfn(map_frame(&mm, AT(touched), ZONE_DIRECT));
	expected = kept_call(call, start, start + nr, prot);
	refused += call == MMAP && expected == -ENOMEM;
	moved += call == MREMAP && fixed && !expected;
	return make_call(call, start, nr, prot) == expected;
}

static void test_by_chance(void)
{
	u32 calls = 0, before;

	fresh();
	mm_destroy(&mm);
	before = zone_free_frames();
	assert(mm_create(&mm));
	memset(kept, 0, sizeof(kept));
	while (calls < 20000 && one_call() && agrees())
		calls++;
	CHECK(calls == 20000, "20000 calls by chance, each as page by page (call %u)", calls);
	CHECK(refused, "some of them for want of VMAs");
	CHECK(moved > 100, "%u of them moved pages", moved);
	mm_destroy(&mm);
	CHECK(zone_free_frames() == before, "and no frame is lost");
}

int main(void)
{
	test_by_chance();
	return tap_done();
}
