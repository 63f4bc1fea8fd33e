/* SPDX-License-Identifier: MIT */
/* Hardware sets Dirty while an entry is made invalid. */
#include "tests/pte/clean.h"

static void invalidate(struct variant *v)
{
	invalidate_page(&v->mm, v->va);
}

static enum verdict judge(struct variant *v)
{
	return judge_dirty(v, RACE_set_done, "the entry was made invalid");
}

SCENARIO(mkinvalid_dirty) = {
	.name = "pte/mkinvalid-dirty",
	.rule = "an entry is made invalid by exchange, so no Dirty bit set by hardware "
		"is lost",
	.reference = "Linux pmdp_invalidate() (x86): pmdp_establish(), by exchange; Intel SDM vol. "
		     "3, 4.8",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HW_AD,
	.roles = {[STORER] = {"storer", store_to_clean}, [WRITER] = {"writer", invalidate}},
	.script = STEPS(store_while_taken),
	CELLS(HOLDS(), BREAKS(zap_present_exchange, IF(NEED_ATOMIC64))),
	.setup = map_clean,
	.judge = judge,
};
