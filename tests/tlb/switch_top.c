/* SPDX-License-Identifier: MIT */
/* A CPU joins the mask while a top-level entry becomes present, so either the writer sees it in the
 * mask and makes it load the root again, or it sees the entry when it loads the root. */
#include "tests/lab/mapped.h"

enum {
	JOINER,
	WRITER,
};

/* The top-level entry is still empty and has no table. */
static bool setup(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	v->va = ((v->va >> pgd_shift(v->mm.pgd)) + 1) << pgd_shift(v->mm.pgd);
	return v->a;
}

static void join(struct variant *v)
{
	mm_switch(NULL);
	mm_switch(&v->mm);
	load_after(v);
}

static void establish(struct variant *v)
{
	lab_establish(v, lab_entry(v->a));
	smp_mb(); /* the store behind "established" must not be on its way any more */
}

static enum verdict judge(struct variant *v)
{
	unsigned over = lab_when(WRITER, RACE_role_done, 1),
		 probed = lab_when(JOINER, RACE_role_probe, 1);

	if (over > probed)
		return NO_EVIDENCE;
	if (!v->flag[AFTER]) {
		lab_saw(v,
			"the page was established, but CPU %u, which joined meanwhile, has the old "
			"top-level entry and faults",
			v->cpu[JOINER]);
		return VIOLATED;
	}
	lab_evidence(v, "CPU %u joined, and read frame 0x%x after it was established",
		     v->cpu[JOINER], page_to_pfn(v->a));
	return HELD;
}

#define DYNAMIC WITH(top_tables, dynamic)

SCENARIO(switch_top) = {
	.name = "tlb/switch-top",
	.rule = "a CPU that is not in the mask when a shootdown reads it sees every "
		"change made before",
	.reference = "Linux flush_tlb_mm_range(), switch_mm_irqs_off(): the barriers around "
		     "mm_cpumask(); Intel SDM vol. 3, 4.4.1",
	.mode = MODE_EXPLORED,
	.needs = NEED_TOP_CACHE,
	.roles = {[JOINER] = {"joiner", join}, [WRITER] = {"writer", establish}},
	CELLS(HOLDS(DYNAMIC), BREAKS(shootdown_mb, FROM(TSO), DYNAMIC),
	      BREAKS(switch_mb, FROM(TSO), DYNAMIC)),
	.setup = setup,
	.judge = judge,
};
