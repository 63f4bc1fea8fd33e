/* SPDX-License-Identifier: MIT */
/* One CPU gives the last reference of a frame back, and another takes and gives one without a look
 * at the count. Each frees to its own free frames, under its own lock. */
#include "mm/page/page.h"
#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

static struct {
	struct page *page;
	u32 free_before;
} frame EXPLORED;

static bool setup(struct variant *v)
{
	(void)v;
	frame.page = alloc_page(ZONE_DIRECT);
	frame.free_before = zone_free_frames();
	return frame.page;
}

static void give_last(struct variant *v)
{
	(void)v;
	put_page(frame.page);
}

static void take_and_give(struct variant *v)
{
	(void)v;
	get_page(frame.page);
	put_page(frame.page);
}

static enum verdict judge(struct variant *v)
{
	u32 more = zone_free_frames() - frame.free_before;

	if (more == 1 && !page_count(frame.page))
		return HELD;
	lab_saw(v, "frame 0x%x is %u times among the free ones", page_to_pfn(frame.page), more);
	return VIOLATED;
}

SCENARIO(free_once) = {
	.name = "explore/free-once",
	.rule = "a frame that two CPUs free at once becomes free once",
	.reference = "Linux free_pages_prepare(), page_expected_state(): a page that is free already is bad",
	.mode = MODE_EXPLORED,
	.roles = {{"owner", give_last}, {"reader", take_and_give}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
