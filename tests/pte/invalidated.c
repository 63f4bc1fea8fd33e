/* SPDX-License-Identifier: MIT */
/* A present mapping is made invalid, so no CPU uses it any more, but software still finds its
 * frame. */
#include <asm/trap.h>

#include "tests/lab/mapped.h"

enum {
	USER,
	WRITER,
};

/* The numbers of v->flag. */
enum {
	STORED = AFTER + 1, /* the user's store went through */
	REFUSED,	    /* no other frame could be established, because the slot is taken */
};

/* The store changes nothing, because the frame is the arena's and is checked afterwards. */
static void use(struct variant *v)
{
	struct fault fault;

	load_warm(v);
	race_point(role_middle);
	load_after(v);
	v->flag[STORED] = try_store(v->va, lab_tag(page_to_pfn(v->a)), &fault);
}

static void invalidate(struct variant *v)
{
	invalidate_page(&v->mm, v->va);
	smp_mb(); /* the store behind "made invalid" must not be on its way any more */
	race_point(role_middle);
	v->seen = lab_walk(v);
	v->flag[REFUSED] = !mm_establish(&v->mm, v->va, lab_entry(v->a));
}

static bool used(struct variant *v)
{
	unsigned over = lab_when(WRITER, RACE_role_middle, 1),
		 probed = lab_when(USER, RACE_role_probe, 1);

	v->outcome = v->flag[AFTER] ? "loaded" : v->flag[STORED] ? "stored" : "faulted";
	return over && over < probed && (v->flag[AFTER] || v->flag[STORED]);
}

static bool lost(struct variant *v)
{
	if (!lab_when(WRITER, RACE_role_middle, 1))
		return false;
	return !entry_present(v->seen) || entry_pfn(v->seen) != page_to_pfn(v->a) ||
	       !v->flag[REFUSED];
}

static enum verdict judge(struct variant *v)
{
	if (used(v)) {
		lab_saw(v, "the entry was made invalid, and CPU %u could still %s the page",
			v->cpu[USER], v->flag[AFTER] ? "load from" : "store to");
		return VIOLATED;
	}
	if (lost(v)) {
		lab_saw(v,
			"the entry was made invalid, and software finds 0x%llx there, not frame "
			"0x%x",
			(unsigned long long)entry_value(v->seen), page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u had frame 0x%x, and faulted at a load and a store; software still "
		     "finds the frame",
		     v->cpu[USER], page_to_pfn(v->a));
	return HELD;
}

static const struct step use_when_invalidated[] = {
	STEP(USER, role_middle, REACHED(WRITER, role_middle)),
	STEP(WRITER, role_start, REACHED(USER, role_middle)),
};

SCENARIO(invalidated) = {
	.name = "pte/invalidated",
	.rule = "no CPU uses a mapping that was made invalid, and software still finds its frame",
	.reference = "Linux pmdp_invalidate(): pmd_mkinvalid(), then flush_pmd_tlb_range()",
	.mode = MODE_CHOREO,
	.roles = {[USER] = {"user", use}, [WRITER] = {"writer", invalidate}},
	.script = STEPS(use_when_invalidated),
	CELLS_OF_A_FLUSH(invalidate_flush),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge,
};
