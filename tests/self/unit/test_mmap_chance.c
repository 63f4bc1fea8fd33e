/* SPDX-License-Identifier: MIT */
/* mm/space/vma.c, mmap.c, mprotect.c, madvise.c: calls by chance, against a space in which every
 * page is kept by itself. */
#include <string.h>

#include "tests/self/unit/mappings.h"

#define SPACE 30u /* pages from MIN on */

static struct kept {
	u32 flags;
	bool mapped, page;
} kept[SPACE];
static u32 state = 1;

static u32 chance(u32 below)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static u32 kept_vmas(void)
{
	u32 nr = 0;

	for (u32 i = 0; i < SPACE; i++)
		nr += kept[i].mapped &&
		      !(i && kept[i - 1].mapped && kept[i - 1].flags == kept[i].flags);
	return nr;
}

/* Each page has the VMA that it should have. The VMAs are the longest runs of pages alike. */
static bool agrees(void)
{
	for (u32 i = 0; i < SPACE; i++) {
		const struct vma *vma = vma_lookup(&mm, AT(i) + 5);
		pte_t *ptep = pte_lookup(&mm, AT(i));

		if (!!vma != kept[i].mapped || (vma && vma->flags != kept[i].flags))
			return false;
		if ((ptep && entry_present(entry_read(ptep))) != kept[i].page)
			return false;
	}
	return kept_vmas() == mm.nr_vmas;
}

static void keep(u32 start, u32 end, u32 flags, bool mapped)
{
	for (u32 i = start; i < end; i++) {
		kept[i].flags = mapped ? flags : 0;
		kept[i].mapped = mapped;
		kept[i].page = false;
	}
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
		kept[i].page = false;
	}
	return error;
}

enum call {
	MMAP,
	MUNMAP,
	MPROTECT,
	MADVISE,
	NR_CALLS
};

/* What the call must return, by pages; `kept` is as it is afterwards. */
static long kept_call(enum call call, u32 start, u32 end, u32 prot)
{
	struct kept before[SPACE];
	long result = 0;

	memcpy(before, kept, sizeof(kept));
	if (call == MMAP)
		keep(start, end, prot | ANY_RIGHTS, true);
	else if (call == MUNMAP)
		keep(start, end, 0, false);
	else if (call == MPROTECT)
		result = kept_mprotect(start, end, prot);
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
	default:
		return do_madvise(&mm, AT(start), PAGES(nr), MADV_DONTNEED);
	}
}

static u32 refused; /* calls with -ENOMEM for want of VMAs */

static bool one_call(void)
{
	enum call call = chance(NR_CALLS);
	u32 start = chance(SPACE), nr = 1 + chance(SPACE - start < 9 ? SPACE - start : 9);
	u32 prot = chance(VM_RIGHTS + 1), touched = chance(SPACE);
	long expected;

	if (kept[touched].mapped && !kept[touched].page) {
		map_frame(&mm, AT(touched), ZONE_DIRECT);
		kept[touched].page = true;
	}
	expected = kept_call(call, start, start + nr, prot);
	refused += call == MMAP && expected == -ENOMEM;
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
	mm_destroy(&mm);
	CHECK(zone_free_frames() == before, "and no frame is lost");
}

int main(void)
{
	test_by_chance();
	return tap_done();
}
