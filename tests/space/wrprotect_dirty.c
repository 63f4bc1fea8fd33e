/* SPDX-License-Identifier: MIT */
/* Hardware sets Dirty while the right to store is taken from the entry. */
#include "mm/table/pgtable.h"
#include "tests/pte/clean.h"

static void wrprotect(struct variant *v)
{
	protect_page_range(&v->mm, v->va, v->va + PAGE_SIZE, PTE_USER);
}

/* The entry stays, so what counts is what is left in it. */
static enum verdict judge(struct variant *v)
{
	bool dirty = pte_dirty(entry_read(v->ptep));

	v->outcome = !v->flag[STORED] ? "the store faulted" : dirty ? "dirty" : "dirty lost";
	if (v->flag[STORED] && !dirty) {
		lab_saw(v,
			"CPU %u stored through the address, and its entry is clean now that it is write-protected: the Dirty bit is lost",
			v->cpu[STORER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[LOADED])
		return NO_EVIDENCE;
	lab_evidence(v, "the store came while the entry was being changed; it %s",
		     v->flag[STORED] ? "succeeded, and Dirty was kept" : "faulted");
	return HELD;
}

static const struct step store_while_changed[] = {
	STEP(STORER, role_middle, REACHED(WRITER, rights_changing)),
	STEP(WRITER, role_start, REACHED(STORER, role_middle)),
	STEP(WRITER, rights_changing, REACHED(STORER, role_done)),
};

SCENARIO(wrprotect_dirty) = {
	.name = "space/wrprotect-dirty",
	.rule = "a change of rights keeps what the hardware marks meanwhile: no Dirty bit is lost",
	.reference =
		"Linux ptep_set_wrprotect() (x86): a compare-exchange; Intel SDM vol. 3, 4.8 (locked A/D updates)",
	.mode = MODE_CHOREO,
	.needs = NEED_HW_AD,
	.roles = {[STORER] = {"storer", store_to_clean}, [WRITER] = {"writer", wrprotect}},
	.script = STEPS(store_while_changed),
	CELLS(HOLDS(), BREAKS(rights_exchange, IF(NEED_IPI_FLUSH)),
	      MASKED(rights_exchange, "invalidate_at_clear", IF(NEED_BROADCAST))),
	.setup = map_clean,
	.judge = judge,
};
