/* SPDX-License-Identifier: MIT */
/* Entries change under a CPU that has their translations: what each kind of flush makes of that. */
#include "tests/hw/slot.h"

#define PAGES  3u
#define ROUNDS 32u /* even: afterwards every entry names the frame that it owns a reference on */

enum kind {
	PAGE,
	RANGE,
	LONG_RANGE, /* past the ceiling: becomes a full flush */
	ALL,
	NR_KINDS
};
static const char *const kind_name[NR_KINDS] = {"one page", "a range", "a long range",
						"everything"};

static struct {
	u32 changed;	 /* entries, and looked at behind the flush */
	u32 stale, kept; /* loads of an old entry: before the flush; after it, behind the page */
	bool cold;	 /* a load before the change did not even reach the old frame */
	bool ineffective;
	enum kind kind; /* the first flush that left an old entry in use, and for which page */
	unsigned page;
} found;

/* The frames that take turns at the tested address and behind it. */
static struct page *even[PAGES], *odd[PAGES];

static bool setup(struct variant *v)
{
	found.changed = found.stale = found.kept = 0;
	found.cold = found.ineffective = false;
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

static void flush(enum kind kind, vaddr_t va)
{
	switch (kind) {
	case PAGE:
		tlb_flush_page(va);
		break;
	case RANGE:
		tlb_flush_range(va, va + PAGES * PAGE_SIZE);
		break;
	case LONG_RANGE:
		tlb_flush_range(va, va + (TLB_FLUSH_CEILING + 1) * PAGE_SIZE);
		break;
	default:
		tlb_flush_all();
	}
}

static void look_again(enum kind kind, unsigned page, bool is_new)
{
	found.changed++;
	if (kind == PAGE && page) {
		found.kept += !is_new; /* a neighbour: may stay, may go */
	} else if (!is_new && !found.ineffective) {
		found.ineffective = true;
		found.kind = kind;
		found.page = page;
	}
}

/* Load through every old entry, change it, look, flush, look again. */
static void change(struct variant *v, struct page **from, struct page **to, enum kind kind)
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
		change(v, round % 2 ? odd : even, round % 2 ? even : odd, round % NR_KINDS);
}

static enum verdict judge(struct variant *v)
{
	if (found.ineffective) {
		lab_saw(v, "after a flush of %s, page %u of it still used the old entry",
			kind_name[found.kind], found.page);
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
		"of a flushed page stayed",
		found.stale, found.kept, ROUNDS / NR_KINDS * (PAGES - 1));
	return HELD;
}

SCENARIO(invalidation) = {
	.name = "hw/effective-invalidation",
	.rule = "after a flush of a page, a range or everything, this CPU uses the changed entries",
	.reference = "Intel SDM vol. 3, 4.10.4.1 (INVLPG, MOV to CR3), 4.10.4.2",
	.mode = "probe",
	.least = {AT_LEAST(ROUNDS * PAGES, "entries that changed")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
