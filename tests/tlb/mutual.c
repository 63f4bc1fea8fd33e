/* SPDX-License-Identifier: MIT */
/* Two CPUs, each with a space of its own loaded, zap in each other's space at the same time, so
 * each is the initiator of a shootdown and the target of another. */
#include "tests/lab/mapped.h"

enum {
	FIRST,
	SECOND,
};

/* The space loaded by the second CPU. The first CPU's is the variant's own. */
static struct {
	struct mm mm;
	struct page *page;
} second;

static bool setup(struct variant *v)
{
	bool made = mm_create(&second.mm);

	second.page = lab_frame(v, ZONE_DIRECT);
	if (!made || !second.page || !map_one_frame(v))
		return false;
	get_page(second.page);
	return mm_establish(&second.mm, v->va, lab_entry(second.page));
}

/* Each role has its two numbers of mapped.h in v->value and v->flag. */
static unsigned of(unsigned role, unsigned what)
{
	return 2 * role + what;
}

static void load(struct variant *v, unsigned role, unsigned what)
{
	v->flag[of(role, what)] = lab_load_tag(v->va, &v->value[of(role, what)]);
}

static bool zap_of_the_other(struct variant *v, unsigned role, struct mm *mm)
{
	load(v, role, WARM);
	if (!lab_meet(v))
		return false;
	race_point(role_middle);
	zap_page_range(mm, v->va, v->va + PAGE_SIZE);
	if (!lab_meet(v))
		return false;
	load(v, role, AFTER);
	return true;
}

static void zap_second(struct variant *v)
{
	if (zap_of_the_other(v, FIRST, &second.mm) && lab_meet(v))
		mm_destroy(&second.mm); /* the second CPU has left it */
}

static void zap_first(struct variant *v)
{
	mm_switch(&second.mm);
	if (!zap_of_the_other(v, SECOND, &v->mm))
		return;
	mm_switch(&v->mm);
	lab_meet_last(v);
}

static bool read_old(struct variant *v, unsigned role, struct page *page)
{
	u32 tag = lab_tag(page_to_pfn(page));

	if (!lab_when(FIRST, RACE_zap_done, 1) || !lab_when(SECOND, RACE_zap_done, 1))
		return false;
	if (!v->flag[of(role, AFTER)] || v->value[of(role, AFTER)] != tag)
		return false;
	lab_saw(v, "both zaps had returned, and CPU %u still read frame 0x%x in its space",
		v->cpu[role], page_to_pfn(page));
	return true;
}

static bool were_warm(struct variant *v)
{
	return v->flag[of(FIRST, WARM)] && v->flag[of(SECOND, WARM)] &&
	       v->value[of(FIRST, WARM)] == lab_tag(page_to_pfn(v->a)) &&
	       v->value[of(SECOND, WARM)] == lab_tag(page_to_pfn(second.page));
}

static enum verdict judge(struct variant *v)
{
	if (read_old(v, FIRST, v->a) || read_old(v, SECOND, second.page))
		return VIOLATED;
	if (!lab_script_complete(v) || !were_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPUs %u and %u shot at each other, both had an answer, and both fault",
		     v->cpu[FIRST], v->cpu[SECOND]);
	return HELD;
}

static const struct step shoot_at_each_other[] = {
	STEP(FIRST, shootdown_sent, REACHED(SECOND, shootdown_sent)),
	STEP(SECOND, shootdown_sent, REACHED(FIRST, shootdown_sent)),
};

SCENARIO(mutual) = {
	.name = "tlb/mutual",
	.rule = "two CPUs that shoot at each other both finish, and both have flushed",
	.reference = "Linux smp_call_function_many_cond(): interrupts on while it waits, as the "
		     "others may wait for this CPU",
	.mode = MODE_CHOREO,
	.needs = NEED_IPI_FLUSH,
	.roles = {[FIRST] = {"first", zap_second}, [SECOND] = {"second", zap_first}},
	.script = STEPS(shoot_at_each_other),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(shootdown, WITH(flush, sync)),
	      HOLDS(WITH(flush, nowait)), BREAKS(shootdown, WITH(flush, nowait))),
	.roles_meet = true,
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
