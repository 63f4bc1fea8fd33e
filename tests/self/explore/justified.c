/* SPDX-License-Identifier: MIT */
/* Self-tests of the justified TLB. A plain store changes an entry without a flush, once for each
 * way in which a translation can exceed its entry. No role looks afterwards, so only the second
 * judge can find it, on the first CPU as on the last, wherever its TLB keeps the translation. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include "mm/table/locks.h"
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"
#include "tests/lab/process.h"

#define RIGHTS (PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY)

/* The numbers of v->value. */
enum {
	CACHED,	 /* shared, set when a CPU has the translation, or the way, that changes now */
	CHANGED, /* shared, set when the change is over */
};

/* Maps frame b at another address as well, with another slot of the TLB. */
#define FAR_AWAY (9 * PAGE_SIZE)

static bool setup(struct variant *v)
{
	v->b = lab_frame(v, ZONE_DIRECT);
	if (!v->b || !map_one_frame(v))
		return false;
	get_page(v->b);
	return mm_establish(&v->mm, v->va + FAR_AWAY, lab_entry(v->b));
}

static void store_to(struct variant *v, vaddr_t va, struct page *page)
{
	struct fault fault;

	try_store(va, lab_tag(page_to_pfn(page)), &fault);
	WRITE_ONCE(v->value[CACHED], 1);
}

static void store(struct variant *v)
{
	store_to(v, v->va, v->a);
}

static void store_far_away(struct variant *v)
{
	store_to(v, v->va + FAR_AWAY, v->b);
}

/* Changes it for a while. At the end the space is as it was. */
static void change_in(struct variant *v, struct mm *mm, vaddr_t va, pte_t pte)
{
	pte_t *ptep, was;

	wait_until(READ_ONCE(v->value[CACHED]), WAIT_JOB, 0);
	ptep = pte_lookup(mm, va);
	pte_lock(ptep);
	was = entry_read(ptep);
	set_pte(ptep, pte);
	pte_unlock(ptep);
	race_point(role_middle); /* a step outside any operation, because the judge asks for it */
	pte_lock(ptep);
	set_pte(ptep, was);
	pte_unlock(ptep);
}

static void change(struct variant *v, vaddr_t va, pte_t pte)
{
	change_in(v, &v->mm, va, pte);
}

static void take_away(struct variant *v)
{
	change(v, v->va, PTE_NONE);
}

static void take_away_far(struct variant *v)
{
	change(v, v->va + FAR_AWAY, PTE_NONE);
}

static void another_frame(struct variant *v)
{
	change(v, v->va, mk_pte(page_to_pfn(v->b), RIGHTS));
}

static void read_only(struct variant *v)
{
	change(v, v->va, mk_pte(page_to_pfn(v->a), RIGHTS & ~PTE_WRITE));
}

static void clean(struct variant *v)
{
	change(v, v->va, mk_pte(page_to_pfn(v->a), RIGHTS & ~PTE_DIRTY));
}

static enum verdict judge(struct variant *v)
{
	if (!lab_when(0, RACE_role_middle, 1) && !lab_when(1, RACE_role_middle, 1))
		return NO_EVIDENCE;
	lab_evidence(v, "the entry of 0x%lx changed, with no flush", v->va);
	return HELD;
}

#define UNJUSTIFIED(id, first, second)                                                             \
	SCENARIO(justified_##id) = {                                                               \
		.name = "explore/justified-" #id,                                                  \
		.rule = "a self-test of the explorer: a translation is justified by its entry",    \
		.reference = "docs/explorer.md",                                                   \
		.mode = MODE_EXPLORED,                                                             \
		.roles = {{"first", first}, {"second", second}},                                   \
		CELLS(HISTORICAL("no flush", BY(TLB))),                                            \
		.setup = setup,                                                                    \
		.judge = judge,                                                                    \
	}

UNJUSTIFIED(gone, store, take_away);
UNJUSTIFIED(far, store_far_away, take_away_far);
UNJUSTIFIED(last, take_away, store);
UNJUSTIFIED(frame, store, another_frame);
UNJUSTIFIED(rights, read_only, store);
UNJUSTIFIED(dirty, store, clean);

/* --- the space of a child, which is loaded on its own CPU only --- */

#define CHILD 1u /* the second role */

static void take_away_from_child(struct variant *v)
{
	sys_fork(v, CHILD);
	change_in(v, &v->process[CHILD].mm, v->va, PTE_NONE);
	WRITE_ONCE(v->value[CHANGED], 1);
}

static void load_as_child(struct variant *v)
{
	user_load(v->va);
	WRITE_ONCE(v->value[CACHED], 1);
	wait_until(READ_ONCE(v->value[CHANGED]), WAIT_JOB, 0);
}

SCENARIO(justified_child) = {
	.name = "explore/justified-child",
	.rule = "a self-test of the explorer: a translation of a child is justified by its entry",
	.reference = "docs/explorer.md",
	.mode = MODE_EXPLORED,
	.programs = true,
	.roles = {{"parent", take_away_from_child}, [CHILD] = {"child", load_as_child}},
	.forked = BIT(CHILD),
	CELLS(HISTORICAL("no flush", BY(TLB))),
	.setup = map_anonymous_page,
	.judge = judge,
};

/* --- ways, as upper entries cached by the hardware, without a page at their end --- */

static bool nothing_mapped(struct variant *v)
{
	return !entry_present(entry_read(v->ptep));
}

/* There is no table for it either. */
static bool no_table(struct variant *v)
{
	vaddr_t start = ALIGN_DOWN(v->va, (vaddr_t)1 << PMD_SHIFT);

	free_pgtables(&v->mm, start, start + ((vaddr_t)1 << PMD_SHIFT));
	return true;
}

/*
 * Cuts the way for a while. `flush` forgets as much as an instruction for the pte does, if the
 * machine has one.
 */
static void cut(struct variant *v, entry_t *ep, entry_t none, bool flush)
{
	entry_t was;

	tables_lock(&v->mm);
	was = entry_read(ep);
	set_pte(ep, none);
	if (CAP_BROADCAST_FLUSH && flush)
		ptep_invalidate(v->ptep, v->va);
	tables_unlock(&v->mm);
	race_point(role_middle);
	tables_lock(&v->mm);
	set_pte(ep, was);
	tables_unlock(&v->mm);
}

static void cut_table(struct variant *v)
{
	cut(v, pmd_lookup(&v->mm, v->va), PMD_NONE, false);
}

static void cut_and_flush_page(struct variant *v)
{
	cut(v, pmd_lookup(&v->mm, v->va), PMD_NONE, true);
}

static void cut_upper(struct variant *v)
{
	pgd_t *pgdp = pgd_offset_pgd(v->mm.pgd, v->va);

	cut(v, pud_offset(p4d_offset(pgdp, v->va), v->va), PUD_NONE, false);
}

/* This CPU stays lazy, and its hardware still walks. */
static void be_lazy(struct variant *v)
{
	mm_lazy_enter();
	WRITE_ONCE(v->value[CACHED], 1);
}

/* The CPU is lazy itself, so its own hardware cannot show it. */
static void cut_table_of_lazy(struct variant *v)
{
	mm_lazy_enter();
	wait_until(READ_ONCE(v->value[CACHED]), WAIT_JOB, 0);
	cut_table(v);
}

#define UNJUSTIFIED_WAY(id, start, first, second)                                                  \
	SCENARIO(justified_way_##id) = {                                                           \
		.name = "explore/justified-way-" #id,                                              \
		.rule = "a self-test of the explorer: what is cached of a way is justified by it", \
		.reference = "docs/explorer.md",                                                   \
		.mode = MODE_EXPLORED,                                                             \
		.filling = FILLING_ALWAYS,                                                         \
		.roles = {{"first", first}, {"second", second}},                                   \
		CELLS(HISTORICAL("no flush", BY(TLB))),                                            \
		.setup = start,                                                                    \
		.judge = judge,                                                                    \
	}

UNJUSTIFIED_WAY(table, nothing_mapped, lab_stand_by, cut_table);
UNJUSTIFIED_WAY(page, nothing_mapped, lab_stand_by, cut_and_flush_page);
UNJUSTIFIED_WAY(upper, no_table, lab_stand_by, cut_upper);
UNJUSTIFIED_WAY(lazy, nothing_mapped, be_lazy, cut_table_of_lazy);
