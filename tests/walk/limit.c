/* SPDX-License-Identifier: MIT */
/* A walk of a range leaves user space. */
#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"

/* The numbers of v->value, with the pages found in ranges leaving user space, and inside it. */
enum {
	BEYOND,
	INSIDE,
};

#define NOWHERE ((vaddr_t)0)

/* The ranges leave user space at its end, beyond it, and around the end of the address space. */
static void walk(struct variant *v)
{
	vaddr_t end = user_end(v->mm.pgd);
	struct page *pages[4];

	v->value[BEYOND] = gup_fast(end, 1, 0, pages);
	v->value[BEYOND] += gup_fast(end - PAGE_SIZE, 2, 0, pages);
	v->value[BEYOND] += gup_fast(NOWHERE - PAGE_SIZE, 2, 0, pages);
	v->value[INSIDE] = gup_fast(v->va, 1, 0, pages);
	if (v->value[INSIDE])
		put_page(pages[0]);
}

static enum verdict judge(struct variant *v)
{
	unsigned when;

	for (unsigned nth = 1; (when = lab_when(0, RACE_walk_begin, nth)); nth++) {
		if (lab_value_at(when) == v->va)
			continue;
		lab_saw(v, "a walk began for the range at 0x%llx, which leaves user space",
			(unsigned long long)lab_value_at(when));
		return VIOLATED;
	}
	if (v->value[BEYOND] || v->value[INSIDE] != 1)
		return NO_EVIDENCE;
	lab_evidence(v, "three ranges were refused before the walk, one inside was walked");
	return HELD;
}

SCENARIO(limit) = {
	.name = "walk/limit",
	.rule = "a walk begins only after its range was checked against the space's "
		"limit and against wrapping",
	.reference = "Linux gup_fast_permitted(), __access_ok() in get_user_pages_fast()",
	.mode = MODE_PROBE,
	.roles = {{"walker", walk}},
	CELLS(HOLDS(), BREAKS(gup_permitted)),
	.setup = map_one_frame,
	.judge = judge,
};
