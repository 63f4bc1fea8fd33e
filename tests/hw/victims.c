/* SPDX-License-Identifier: MIT */
/* More translations than a TLB holds, flushed one by one after some had to make room for others. */
#include "tests/hw/slot.h"

#define PAGES 192u
#define FIRST 16u /* behind the tested slot and the anchor, in the same table */

static struct {
	u32 renewed; /* pages leading to the new frame after their flush */
	u32 cold, stale,
		kept; /* loads of another frame at first, and of the old frame before and after */
} found;

static vaddr_t address(const struct variant *v, unsigned i)
{
	return v->va + (FIRST + i) * PAGE_SIZE;
}

/* Maps one frame at all of the addresses. */
static bool setup(struct variant *v)
{
	found = (typeof(found)){.renewed = 0};
	v->a = lab_frame(v, ZONE_DIRECT);
	v->b = lab_frame(v, ZONE_DIRECT);
	if (!v->a || !v->b)
		return false;
	for (unsigned i = 0; i < PAGES; i++) {
		get_page(v->a);
		if (!mm_establish(&v->mm, address(v, i), lab_entry(v->a)))
			return false;
	}
	return true;
}

static void write_all(struct variant *v, struct page *page)
{
	for (unsigned i = 0; i < PAGES; i++)
		slot_write(v->ptep + FIRST + i, lab_entry(page));
}

static void run(struct variant *v)
{
	for (unsigned i = 0; i < PAGES; i++)
		found.cold += !slot_reaches(address(v, i), v->a);
	write_all(v, v->b);
	for (unsigned i = 0; i < PAGES; i++)
		found.stale += slot_reaches(address(v, i), v->a);
	for (unsigned i = 0; i < PAGES; i++)
		tlb_flush_page(address(v, i));
	for (unsigned i = 0; i < PAGES; i++) {
		bool is_new = slot_reaches(address(v, i), v->b);

		found.renewed += is_new;
		found.kept += !is_new;
	}
	write_all(v, v->a); /* the mappings own its references */
	tlb_flush_all();
}

static enum verdict judge(struct variant *v)
{
	if (found.kept) {
		lab_saw(v, "of %u pages that were flushed one by one %u still used the old entry",
			PAGES, found.kept);
		return VIOLATED;
	}
	if (found.cold)
		return NO_EVIDENCE;
	lab_counted(v, found.renewed);
	lab_evidence(v, "%u pages, %u of which used the old entry until they were flushed", PAGES,
		     found.stale);
	return HELD;
}

SCENARIO(victims) = {
	.name = "hw/many-translations",
	.rule = "a flush of a page finds its translation wherever the CPU keeps it, so "
		"none comes back",
	.reference = "Intel SDM vol. 3, 4.10.4.1; MIPS32 volume II, TLBP, TLBWI",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(PAGES, "pages that led to the new frame")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
