/* SPDX-License-Identifier: MIT */
#include <asm/caps.h>
#include <asm/trap.h>

#include "tests/lab/lab.h"

enum {
	STORER,
	WRITER,
};

#define NEW_WORD 0x600df00du

/* Writable, accessed, clean: the first store makes the hardware set Dirty. */
static bool setup(struct variant *v)
{
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	v->entry[0] = mk_pte(page_to_pfn(v->a), PTE_USER | PTE_WRITE | PTE_YOUNG);
	lab_establish(v, v->entry[0]);
	put_page(v->a); /* the mapping's reference stays */
	return true;
}

static void store(struct variant *v)
{
	struct fault fault;
	u32 word;

	v->flag[0] = try_load(v->va, &word, &fault); /* a translation that is not dirty */
	race(role_middle);
	v->flag[1] = try_store(v->va, NEW_WORD, &fault);
}

static enum verdict judge(struct variant *v)
{
	unsigned cleared = lab_when(WRITER, RACE_clear_done, 1);
	bool dirty = cleared && pte_dirty(entry_from_value(lab_value_at(cleared)));

	v->outcome = !v->flag[1] ? "the store faulted" : dirty ? "dirty" : "dirty lost";
	if (v->flag[1] && cleared && !dirty) {
		lab_saw(v,
			"CPU %u stored through the address, and the zap returned a clean entry: "
			"the "
			"Dirty bit is lost",
			v->cpu[STORER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[0])
		return NO_EVIDENCE;
	lab_evidence(v, "the store came while the zap was taking the entry; it %s",
		     v->flag[1] ? "succeeded and the zap returned Dirty" : "faulted");
	return HELD;
}

SCENARIO(dirty_lost) = {
	.name = "pte/dirty-lost",
	.rule = "zap takes the half with the Dirty bit by exchange: no Dirty bit of the hardware "
		"is lost",
	.reference =
		"Linux native_ptep_get_and_clear(); Intel SDM vol. 3, 4.8 (locked A/D updates)",
	.mode = "choreo",
	.needs = NEED_SPLIT | NEED_HW_AD,
	.roles = {{"storer", store}, {"writer", lab_zap}},
	.script =
		{
			STEP(STORER, role_middle, REACHED(WRITER, zap_taking_low)),
			STEP(WRITER, role_start, REACHED(STORER, role_middle)),
			STEP(WRITER, zap_taking_low, REACHED(STORER, role_done)),
		},
	CELLS(HOLDS(WITH(zap, split)), BREAKS(zap_low_exchange, WITH(zap, split))),
	.setup = setup,
	.judge = judge,
};
