/* SPDX-License-Identifier: MIT */
/* A top-level entry changes in memory, and this CPU need not use the new one, even after INVLPG. */
#include "mm/table/pgtable.h"
#include "tests/hw/slot.h"

/* The same place under the next top-level entry, which nothing else uses. */
#define FAR (v->va + (1ul << PGDIR_SHIFT))

enum {
	BEFORE,
	AFTER_INVLPG,
	AFTER_RELOAD,
	RESTORED,
	NR_LOOKS
};

/* v->a at the tested address, v->b at the far one. */
static bool setup(struct variant *v)
{
	if (!slot_one_frame(v))
		return false;
	v->b = lab_frame(v, ZONE_DIRECT);
	if (!v->b)
		return false;
	get_page(v->b);
	return mm_establish(&v->mm, FAR, lab_entry(v->b));
}

static void look(struct variant *v, unsigned when)
{
	v->flag[when] = lab_load_tag(FAR, &v->value[when]);
}

static void run(struct variant *v)
{
	pgd_t *pgdp = v->mm.pgd + (v->va >> PGDIR_SHIFT), old;

	look(v, BEFORE);
	old = entry_xchg(pgdp + 1, entry_without_ad(entry_read(pgdp)));
	tlb_flush_page(FAR);
	look(v, AFTER_INVLPG);
	tlb_flush_all();
	look(v, AFTER_RELOAD);
	entry_xchg(pgdp + 1, entry_without_ad(old));
	tlb_flush_all();
	look(v, RESTORED);
}

static enum verdict judge(struct variant *v)
{
	u32 old = lab_tag(page_to_pfn(v->b)), new = lab_tag(page_to_pfn(v->a)), loads = 0;
	const u32 *tag = v->value;

	for (unsigned i = 0; i < NR_LOOKS; i++, loads++)
		if (!v->flag[i]) {
			lab_saw(v, "load number %u faulted under a present top-level entry", i + 1);
			return VIOLATED;
		}
	if (tag[AFTER_RELOAD] != new || tag[RESTORED] != old ||
	    (tag[AFTER_INVLPG] != old && tag[AFTER_INVLPG] != new)) {
		lab_saw(v,
			"after a reload of CR3 the changed top-level entry was not used: 0x%x, not "
			"0x%x",
			tag[AFTER_RELOAD], new);
		return VIOLATED;
	}
	if (tag[BEFORE] != old)
		return NO_EVIDENCE;
	lab_counted(v, loads);
	lab_evidence(v, "pdpte=%s; after a reload of CR3 the new one is used",
		     tag[AFTER_INVLPG] == old ? "cached" : "walked");
	return HELD;
}

SCENARIO(pdpte) = {
	.name = "hw/pdpte",
	.rule = "after a reload of CR3 a changed top-level entry is used, whether or "
		"not it was used before",
	.reference = "Intel SDM vol. 3, 4.4.1 (PDPTE registers, loaded by MOV to CR3)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(NR_LOOKS, "loads under the entry")},
	.roles = {{"cpu", run}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
