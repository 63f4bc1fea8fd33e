/* SPDX-License-Identifier: MIT */
/* Self-tests of the justified TLB: an entry is changed by a plain store with no flush, a way for
 * each that a translation can be more than its entry allows. No role looks afterwards: the second
 * judge alone can see it, on the first CPU as on the last, wherever its TLB keeps the translation.
 */
#include <asm/trap.h>

#include "mm/pgtable.h"
#include "tests/lab/mapped.h"

#define RIGHTS (PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY)

/* Frame b at another address as well, which another slot of the TLB is for. */
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
	WRITE_ONCE(v->value[0], 1);
}

static void store(struct variant *v)
{
	store_to(v, v->va, v->a);
}

static void store_far_away(struct variant *v)
{
	store_to(v, v->va + FAR_AWAY, v->b);
}

/* For a while: at the end the space is as it was. */
static void change(struct variant *v, vaddr_t va, pte_t pte)
{
	pte_t *ptep;

	wait_until(READ_ONCE(v->value[0]), WAIT_JOB, 0);
	spin_lock(&v->mm.page_table_lock);
	ptep = pte_lookup(&v->mm, va);
	set_pte(ptep, pte);
	spin_unlock(&v->mm.page_table_lock);
	race(role_middle); /* a step outside of any operation, as the judge asks for it */
	spin_lock(&v->mm.page_table_lock);
	set_pte(ptep, lab_entry(va == v->va ? v->a : v->b));
	spin_unlock(&v->mm.page_table_lock);
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
		.mode = "explored",                                                                \
		.roles = {{"first", first}, {"second", second}},                                   \
		CELLS(HISTORICAL_BY(TLB, "no flush")),                                             \
		.setup = setup,                                                                    \
		.judge = judge,                                                                    \
	}

UNJUSTIFIED(gone, store, take_away);
UNJUSTIFIED(far, store_far_away, take_away_far);
UNJUSTIFIED(last, take_away, store);
UNJUSTIFIED(frame, store, another_frame);
UNJUSTIFIED(rights, read_only, store);
UNJUSTIFIED(dirty, store, clean);
