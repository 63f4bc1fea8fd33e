/* SPDX-License-Identifier: MIT */
/*
 * Entries change under a CPU with their translations in use, and each kind of flush must remove
 * them.
 */
#include "tests/hw/slot.h"

#define PAGES 4u
/* Each kind comes equally often. The number is even, so at the end every entry names the frame of
 * its own reference. */
#define ROUNDS (4 * NR_KINDS)

/* A flush of `pages` pages. It begins at page `first` of the tested ones, or some pages before
 * them. 0 pages are a flush of everything. */
static const struct kind {
	const char *name;
	int first;
	unsigned pages;
} kinds[] = {
	{"one page", 0, 1},
	{"one page, an odd one", 1, 1},
	{"the last page", PAGES - 1, 1},
	{"a range", 0, PAGES},
	{"a range from an odd page on", 1, 2},
	{"a range up to an odd page", 0, 3},
	{"as many pages as the ceiling has", 0, TLB_FLUSH_CEILING},
	{"as many pages, the last of which is tested", 3 - (int)TLB_FLUSH_CEILING,
	 TLB_FLUSH_CEILING},
	{"a page more than the ceiling has", 0, TLB_FLUSH_CEILING + 1}, /* becomes a full flush */
	{"everything", 0, 0},
};
#define NR_KINDS ARRAY_SIZE(kinds)

static struct {
	u32 changed;		 /* entries changed, and loaded through after the flush */
	u32 stale;		 /* loads of an old entry before the flush */
	u32 kept;		 /* the same after it, outside the flushed range, */
	u32 left;		 /* out of so many */
	bool cold;		 /* a load before the change did not even reach the old frame */
	const struct kind *kind; /* the first flush with an old entry left in use, or NULL */
	unsigned page;		 /* the page of that entry */
} found;

/* The frames that take turns at the tested address and behind it. */
static struct page *even[PAGES], *odd[PAGES];

static bool setup(struct variant *v)
{
	found = (typeof(found)){.stale = 0};
	for (unsigned i = 0; i < PAGES; i++) {
		even[i] = lab_frame(v, ZONE_DIRECT);
		odd[i] = lab_frame(v, ZONE_DIRECT);
		if (!even[i] || !odd[i])
			return false;
		get_page(even[i]);
		if (!mm_establish(&v->mm, v->va + i * PAGE_SIZE, lab_entry(even[i])))
			return false;
	}
	return true;
}

static void flush(const struct kind *kind, vaddr_t va)
{
	va += (vaddr_t)kind->first * PAGE_SIZE;
	if (!kind->pages)
		tlb_flush_all();
	else if (kind->pages == 1)
		tlb_flush_page(va);
	else
		tlb_flush_range(va, va + kind->pages * PAGE_SIZE);
}

/* A neighbour may stay or go. */
static void look_again(const struct kind *kind, unsigned page, bool is_new)
{
	found.changed++;
	if (kind->pages && page - (unsigned)kind->first >= kind->pages) {
		found.left++;
		found.kept += !is_new;
	} else if (!is_new && !found.kind) {
		found.kind = kind;
		found.page = page;
	}
}

/* Loads through every old entry, changes it, loads, flushes, and loads again. */
static void change(struct variant *v, struct page **from, struct page **to, const struct kind *kind)
{
	for (unsigned i = 0; i < PAGES; i++) {
		vaddr_t va = v->va + i * PAGE_SIZE;

		found.cold |= !slot_reaches(va, from[i]);
		slot_write(v->ptep + i, lab_entry(to[i]));
		found.stale += slot_reaches(va, from[i]);
	}
	flush(kind, v->va);
	for (unsigned i = 0; i < PAGES; i++)
		look_again(kind, i, slot_reaches(v->va + i * PAGE_SIZE, to[i]));
	tlb_flush_all();
}

static void run(struct variant *v)
{
	for (unsigned round = 0; round < ROUNDS; round++)
		change(v, round % 2 ? odd : even, round % 2 ? even : odd, &kinds[round % NR_KINDS]);
}

static enum verdict judge(struct variant *v)
{
	if (found.kind) {
		lab_saw(v, "after a flush of %s, page %u still used the old entry",
			found.kind->name, found.page);
		return VIOLATED;
	}
	if (found.cold)
		return NO_EVIDENCE;
	lab_counted(v, found.changed);
	if (!found.stale) {
		lab_evidence(v,
			     "no load used an old entry, even before the flush: this CPU keeps no "
			     "translations");
		return HELD;
	}
	lab_evidence(
		v,
		"%u loads used the old entry before the flush, none after it; %u of %u neighbours "
		"of what was flushed stayed",
		found.stale, found.kept, found.left);
	return HELD;
}

SCENARIO(invalidation) = {
	.name = "hw/effective-invalidation",
	.rule = "after a flush of a page, a range or everything, this CPU uses the changed entries",
	.reference = "Intel SDM vol. 3, 4.10.4.1 (INVLPG, MOV to CR3), 4.10.4.2",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(ROUNDS * PAGES, "entries that changed")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
