/* SPDX-License-Identifier: MIT */
/* Hardware sets Dirty while a zap takes the entry half by half. */
#include "tests/pte/clean.h"

static enum verdict judge(struct variant *v)
{
	return judge_dirty(v, RACE_clear_done, "the zap returned the entry");
}

SCENARIO(dirty_lost) = {
	.name = "pte/dirty-lost",
	.rule = "a zap takes the half with the Dirty bit by exchange, so no Dirty bit set "
		"by hardware is lost",
	.reference =
		"Linux native_ptep_get_and_clear(); Intel SDM vol. 3, 4.8 (locked A/D updates)",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HW_AD,
	.roles = {[STORER] = {"storer", store_to_clean}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(store_while_taken),
	CELLS(HOLDS(WITH(zap, split)), BREAKS(zap_present_exchange, WITH(zap, split))),
	.setup = map_clean,
	.judge = judge,
};
