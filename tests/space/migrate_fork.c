/* SPDX-License-Identifier: MIT */
/* A page is on its way to another frame while another program that has it forks. */
#include "tests/space/migrated.h"

enum {
	PARENT,
	FORKER, /* the parent's child */
	CHILD,	/* the forker's, never runs */
};

/* v->value, what the forks returned. */
enum {
	FIRST_FORK = NR_MIGRATED,
	SECOND_FORK,
};

static bool setup(struct variant *v)
{
	if (!map_stored_page(v))
		return false;
	WRITE_ONCE(*(u32 *)page_map(page_to_pfn(v->a), WINDOW_A), EARLY_WORD);
	return true;
}

static void fork_and_migrate(struct variant *v)
{
	v->value[FIRST_FORK] = (u32)sys_fork(v, FORKER);
	race_point(role_middle);
	if (!v->value[FIRST_FORK])
		migrate(v);
}

static void fork_child(struct variant *v)
{
	v->value[SECOND_FORK] = (u32)sys_fork(v, CHILD);
}

/* Returns whether the child has the page where the parent has it. */
static bool child_has_it(struct variant *v)
{
	pte_t *ptep = pte_lookup(&v->process[CHILD].mm, v->va);
	pte_t pte = ptep ? entry_read(ptep) : PTE_NONE;

	return entry_present(pte) && vm_normal_page(pte) == vm_normal_page(entry_read(v->ptep));
}

static enum verdict judge(struct variant *v)
{
	bool forked = role_began(v, CHILD);

	v->outcome = has_moved(v) ? "moved" : "not moved";
	if (v->value[FIRST_FORK] || v->value[SECOND_FORK] || v->value[ERROR]) {
		lab_saw(v, "the forks returned %d and %d, and the migration %d",
			(int)v->value[FIRST_FORK], (int)v->value[SECOND_FORK],
			(int)v->value[ERROR]);
		return VIOLATED;
	}
	if (forked && !child_has_it(v)) {
		lab_saw(v,
			"the page has moved, and the child that CPU %u forked meanwhile does not map it where it is",
			v->cpu[FORKER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !forked || !has_moved(v))
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"CPU %u forked while the page was on its way, and the child maps it where it arrived",
		v->cpu[FORKER]);
	return HELD;
}

static const struct step fork_on_the_way[] = {
	STEP(FORKER, role_start, REACHED(PARENT, migrate_unmapped)),
	STEP(PARENT, migrate_unmapped, REACHED(FORKER, fork_copied)),
	STEP(FORKER, fork_copied, REACHED(PARENT, role_done)),
};

SCENARIO(migrate_fork) = {
	.name = "space/migrate-fork",
	.rule = "a page that arrives is mapped in each space it left, also in one that fork is adding",
	.reference = "Linux dup_mmap(), copy_nonpresent_pte(), remove_migration_ptes()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PARENT] = {"parent", fork_and_migrate}, [FORKER] = {"forker", fork_child}},
	.forked = BIT(FORKER) | BIT(CHILD),
	.too_large = true,
	.script = STEPS(fork_on_the_way),
	CELLS(HOLDS(), BREAKS(link_before_copy)),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
