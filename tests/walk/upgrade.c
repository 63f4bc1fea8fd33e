/* SPDX-License-Identifier: MIT */
/* A space gets one more level on top while it is in use. */
#include <asm/trap.h>

#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"

enum {
	USER,
	WRITER,
};

/* The numbers of v->value. */
enum {
	FOUND = AFTER + 1, /* the walker's frame */
	LIMIT,		   /* the load's fault was for an address beyond the space */
	OWN_LIMIT,	   /* the same for the writer's own load */
};

/* Shared by all rows. None has the mode CHOREO, because a space grows only once, so rounds of
 * stress have nothing to do. */
#define UPGRADE(how) .mode = MODE_##how, .needs = NEED_FOLDING, .setup = map_one_frame
#define THREE	     WITH(levels, three)

/* Just behind the reach of three levels. */
static vaddr_t beyond(const struct variant *v)
{
	return ((vaddr_t)PTRS_PER_PGD << PUD_SHIFT) + (v->va & ~((vaddr_t)PAGE_SIZE - 1));
}

static void upgrade(struct variant *v)
{
	v->flag[FOUND] = mm_upgrade(&v->mm);
	race_point(role_middle);
}

static void walk(struct variant *v)
{
	struct page *page;

	v->value[FOUND] = 0;
	if (gup_fast(v->va, 1, FOLL_WRITE, &page) != 1)
		return;
	v->value[FOUND] = page_to_pfn(page);
	put_page(page);
}

static enum verdict judge_walk(struct variant *v)
{
	unsigned done = lab_when(WRITER, RACE_upgrade_done, 1),
		 left = lab_when(USER, RACE_walk_end, 1);

	if (v->value[FOUND] != page_to_pfn(v->a)) {
		lab_saw(v,
			"a walk of 0x%lx in the middle of an upgrade returned frame 0x%x instead "
			"of "
			"0x%x",
			v->va, v->value[FOUND], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[FOUND] || done > left)
		return NO_EVIDENCE;
	lab_evidence(v,
		     "the walker was in the old top-level table when the new one came, and found "
		     "frame 0x%x",
		     v->value[FOUND]);
	return HELD;
}

/* Whatever the upgrade finds, the CPU's loaded root must be the new one afterwards. */
static void probe_beyond(struct variant *v)
{
	struct fault fault = {.cause = 0};

	race_point(role_probe);
	v->flag[AFTER] = try_load(beyond(v), &v->value[AFTER], &fault);
	v->flag[LIMIT] = !v->flag[AFTER] && fault.cause & FAULT_LIMIT;
}

/* The loader has the space loaded all the time. */
static void load_beyond(struct variant *v)
{
	load_warm(v);
	race_point(role_middle);
	probe_beyond(v);
}

static void upgrade_and_map(struct variant *v)
{
	upgrade(v);
	get_page(v->a);
	if (!mm_establish(&v->mm, beyond(v), lab_entry(v->a)))
		put_page(v->a);
}

static void upgrade_map_and_load(struct variant *v)
{
	struct fault fault = {.cause = 0};
	u32 tag;

	upgrade_and_map(v);
	v->flag[OWN_LIMIT] =
		v->flag[FOUND] && !try_load(beyond(v), &tag, &fault) && fault.cause & FAULT_LIMIT;
}

static enum verdict judge_resync(struct variant *v)
{
	unsigned over = lab_when(WRITER, RACE_role_done, 1),
		 probed = lab_when(USER, RACE_role_probe, 1);

	v->outcome = v->flag[AFTER] ? "loaded" : v->flag[LIMIT] ? "beyond the space" : "fault";
	if (v->flag[LIMIT] && over && over < probed) {
		lab_saw(v,
			"0x%lx was mapped after the upgrade, and CPU %u, on the old top-level "
			"table, "
			"got an ASCE-type exception",
			beyond(v), v->cpu[USER]);
		return VIOLATED;
	}
	if (v->flag[OWN_LIMIT]) {
		lab_saw(v,
			"0x%lx was mapped after the upgrade, and CPU %u, which upgraded, is still "
			"on "
			"the old top-level table",
			beyond(v), v->cpu[WRITER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v) || v->value[AFTER] != v->value[WARM])
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u had the old top-level table loaded, and reads frame 0x%x at 0x%lx now",
		     v->cpu[USER], page_to_pfn(v->a), beyond(v));
	return HELD;
}

static const struct step upgrade_in_the_walk[] = {
	STEP(USER, gup_pgd_read, REACHED(WRITER, upgrade_done)),
	STEP(WRITER, role_start, REACHED(USER, gup_pgd_read)),
};

SCENARIO(upgrade_walk) = {
	UPGRADE(PROBE),
	.name = "walk/upgrade-walk",
	.rule = "a new top level pushed during a walk changes no result of the walk",
	.reference =
		"Linux s390 crst_table_upgrade(): the old top-level table stays, one level down",
	.roles = {[USER] = {"walker", walk}, [WRITER] = {"writer", upgrade}},
	.script = STEPS(upgrade_in_the_walk),
	CELLS(HOLDS(), HOLDS(WITH(levels, two)), HOLDS(WITH(levels, four)),
	      BREAKS(upgrade_release, FROM(PSO), THREE)),
	.judge = judge_walk,
};

static const struct step upgrade_between_the_loads[] = {
	STEP(USER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(USER, role_middle)),
};

SCENARIO(upgrade_resync) = {
	UPGRADE(PROBE),
	.name = "walk/upgrade",
	.rule = "after an upgrade every CPU with the space loaded uses the new "
		"top-level table",
	.reference =
		"Linux s390 crst_table_upgrade(), __crst_table_upgrade() on each CPU; 316ec1548109",
	.roles = {[USER] = {"loader", load_beyond}, [WRITER] = {"writer", upgrade_map_and_load}},
	.script = STEPS(upgrade_between_the_loads),
	CELLS(HOLDS(THREE), BREAKS(root_resync, THREE)),
	.judge = judge_resync,
};

/* --- the CPU is lazy, or is just about to be, or to end being lazy --- */

static enum verdict judge_root(struct variant *v, const char *who)
{
	if (lab_when(WRITER, RACE_role_done, 1) > lab_when(USER, RACE_role_probe, 1))
		return NO_EVIDENCE;
	if (v->flag[LIMIT]) {
		lab_saw(v,
			"0x%lx was mapped after the upgrade, and CPU %u, %s, is still on the old "
			"top-level table",
			beyond(v), v->cpu[USER], who);
		return VIOLATED;
	}
	lab_evidence(v, "CPU %u, %s, reads frame 0x%x at 0x%lx", v->cpu[USER], who,
		     page_to_pfn(v->a), beyond(v));
	return HELD;
}

static void borrow_and_load(struct variant *v)
{
	mm_lazy_enter();
	mm_lazy_exit();
	probe_beyond(v);
}

static enum verdict judge_lazy(struct variant *v)
{
	return judge_root(v, "lazy meanwhile");
}

/* --- the CPU attaches the space just then --- */

/* Either the upgrade sees it in the mask, or it sees the new top-level table. */
static void attach_and_load(struct variant *v)
{
	mm_switch(NULL);
	mm_switch(&v->mm);
	probe_beyond(v);
}

static enum verdict judge_switch(struct variant *v)
{
	return judge_root(v, "which attached the space meanwhile");
}

SCENARIO(upgrade_switch) = {
	UPGRADE(EXPLORED),
	.name = "walk/upgrade-switch",
	.rule = "a CPU that is not in the mask when an upgrade reads it loads the new "
		"top-level table",
	.reference = "Linux s390 crst_table_upgrade(), switch_mm_irqs_off(): the barriers around "
		     "mm_cpumask()",
	.roles = {[USER] = {"switcher", attach_and_load}, [WRITER] = {"writer", upgrade_and_map}},
	CELLS(HOLDS(THREE), BREAKS(root_resync, THREE), BREAKS(upgrade_mb, FROM(TSO), THREE),
	      BREAKS(switch_mb, FROM(TSO), THREE)),
	.judge = judge_switch,
};

SCENARIO(upgrade_lazy) = {
	UPGRADE(EXPLORED),
	.name = "walk/upgrade-lazy",
	.rule = "an upgrade reaches a CPU that only borrows the space, whenever the "
		"borrowing begins and ends",
	.reference = "Linux s390 crst_table_upgrade(): on_each_cpu(); cpu_attach_mask",
	.roles = {[USER] = {"borrower", borrow_and_load}, [WRITER] = {"writer", upgrade_and_map}},
	CELLS(HOLDS(THREE), BREAKS(root_resync, THREE)),
	.judge = judge_lazy,
};

/* --- the CPU is about to load the space --- */

static void join_and_load(struct variant *v)
{
	struct fault fault = {.cause = 0};

	mm_switch(NULL);
	race_point(role_middle);
	mm_switch(&v->mm);
	race_point(role_middle);
	race_point(role_probe);
	v->flag[AFTER] = try_load(beyond(v), &v->value[AFTER], &fault);
	v->flag[LIMIT] = !v->flag[AFTER] && fault.cause & FAULT_LIMIT;
}

static enum verdict judge_joiner(struct variant *v)
{
	unsigned over = lab_when(WRITER, RACE_role_done, 1),
		 probed = lab_when(USER, RACE_role_probe, 1);

	if (v->flag[LIMIT] && over && over < probed) {
		lab_saw(v,
			"0x%lx was mapped after the upgrade, and CPU %u, which loaded the space "
			"meanwhile, is still on the old top-level table",
			beyond(v), v->cpu[USER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || over > probed)
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u, which loaded the space meanwhile, reads frame 0x%x at 0x%lx",
		     v->cpu[USER], page_to_pfn(v->a), beyond(v));
	return HELD;
}

static const struct step upgrade_while_joining[] = {
	STEP(USER, role_middle, REACHED(WRITER, switch_loaded)),
	STEP(USER, switch_root_read, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(USER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED_TIMES(USER, switch_root_read, 2)),
};

SCENARIO(upgrade_joiner) = {
	UPGRADE(PROBE),
	.name = "walk/upgrade-joiner",
	.rule = "a CPU that loads a space while it grows ends up on the new top-level "
		"table",
	.reference = "Linux s390 __crst_table_upgrade(), which goes by current->active_mm; "
		     "switch_mm() has interrupts off",
	.roles = {[USER] = {"joiner", join_and_load}, [WRITER] = {"writer", upgrade_and_map}},
	.script = STEPS(upgrade_while_joining),
	CELLS(HOLDS(THREE), BREAKS(switch_irqs_off, THREE)),
	.judge = judge_joiner,
};
