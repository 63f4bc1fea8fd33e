/* SPDX-License-Identifier: MIT */
/* Self-tests of the oracles of spaces. A program's space breaks one rule for a while, and all is as
 * it was at the end. So only the look between two steps can find it. One row breaks none. */
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"
#include "tests/lab/process.h"

enum {
	FIRST,
	OTHER,
	CHILD, /* never runs */
};

#define HOLE (v->va + PAGE_SIZE)
#define WORD 0x5707edu
#define LATE 0x1a7eu

static struct page *page_at(struct mm *mm, vaddr_t va)
{
	return pfn_to_page(entry_pfn(entry_read(pte_lookup(mm, va))));
}

/* Changes the entry of the tested address, with a flush. */
static void set_entry(struct mm *mm, vaddr_t va, pte_t pte)
{
	zap_page_range(mm, va, va + PAGE_SIZE);
	mm_establish(mm, va, pte);
}

static void map_outside(struct variant *v)
{
	struct page *page;

	user_store(v->va, WORD);
	page = page_at(&v->mm, v->va);
	get_page(page);
	mm_establish(&v->mm, HOLE, mk_pte(page_to_pfn(page), PTE_USER | PTE_YOUNG));
	race_point(role_middle);
	zap_page_range(&v->mm, HOLE, HOLE + PAGE_SIZE);
}

static void exceed(struct variant *v, u32 prot, u32 rights)
{
	struct page *page = alloc_page(ZONE_DIRECT);

	clear_page(page_map(page_to_pfn(page), WINDOW_A));
	sys_mprotect(v->va, PAGE_SIZE, prot);
	set_entry(&v->mm, v->va, mk_pte(page_to_pfn(page), rights | PTE_YOUNG));
	race_point(role_middle);
	zap_page_range(&v->mm, v->va, v->va + PAGE_SIZE);
}

static void exceed_write(struct variant *v)
{
	exceed(v, PROT_READ, PTE_USER | PTE_WRITE | PTE_DIRTY);
}

static void exceed_exec(struct variant *v)
{
	exceed(v, PROT_READ | PROT_WRITE, PTE_USER | PTE_EXEC);
}

static void exceed_none(struct variant *v)
{
	exceed(v, PROT_NONE, PTE_USER);
}

static void count_more(struct variant *v)
{
	user_store(v->va, WORD);
	get_page(page_at(&v->mm, v->va));
	race_point(role_middle);
	put_page(page_at(&v->mm, v->va));
}

/* The child has its parent's page, and the parent gets the right to store back. */
static void share(struct variant *v)
{
	struct page *page;

	user_store(v->va, WORD);
	sys_fork(v, CHILD);
	page = page_at(&v->mm, v->va);
	get_page(page);
	set_entry(&v->mm, v->va, mk_pte(page_to_pfn(page), PTE_USER | PTE_WRITE | PTE_YOUNG));
	race_point(role_middle);
	zap_page_range(&v->mm, v->va, v->va + PAGE_SIZE);
}

/* Nobody else is at work in the space. */
static void make_table(struct variant *v)
{
	const vaddr_t table = (vaddr_t)1 << PMD_SHIFT;
	vaddr_t va = ALIGN_DOWN(v->va, table) + table;

	pte_alloc(&v->mm, va);
	race_point(role_middle);
	free_pgtables(&v->mm, va, va + table);
}

static enum verdict judge(struct variant *v)
{
	if (!lab_when(FIRST, RACE_role_middle, 1))
		return NO_EVIDENCE;
	lab_evidence(v, "a rule of the space was broken for a while");
	return HELD;
}

#define BROKEN(id, breaks)                                                                         \
	SCENARIO(oracle_##id) = {                                                                  \
		.name = "explore/oracle-" #id,                                                     \
		.rule = "a self-test of the explorer: a space follows its mappings",               \
		.reference = "docs/explorer.md",                                                   \
		.mode = MODE_EXPLORED,                                                             \
		.programs = true,                                                                  \
		.roles = {[FIRST] = {"first", breaks}, [OTHER] = {"other", lab_stand_by}},         \
		.forked = BIT(CHILD),                                                              \
		CELLS(HISTORICAL("nothing stops it", BY(COMPLAINT))),                              \
		.setup = map_anonymous_page,                                                       \
		.judge = judge,                                                                    \
	}

BROKEN(outside, map_outside);
BROKEN(write, exceed_write);
BROKEN(exec, exceed_exec);
BROKEN(none, exceed_none);
BROKEN(mapped, count_more);
BROKEN(shared, share);
BROKEN(table, make_table);

/* --- a healthy parent and its child --- */

static void store_fork_store(struct variant *v)
{
	user_store(v->va, WORD);
	sys_fork(v, CHILD);
	race_point(role_middle);
	user_store(v->va, LATE);
}

static u32 word_in(struct mm *mm, vaddr_t va)
{
	const u32 *page = page_map(page_to_pfn(page_at(mm, va)), WINDOW_A);

	return READ_ONCE(*page);
}

static enum verdict judge_words(struct variant *v)
{
	u32 word;

	if (!lab_when(FIRST, RACE_role_middle, 1) || !role_began(v, CHILD))
		return NO_EVIDENCE;
	word = word_in(&v->process[CHILD].mm, v->va);
	if (word != WORD || word_in(&v->mm, v->va) != LATE) {
		lab_saw(v, "the child has 0x%x", word);
		return VIOLATED;
	}
	lab_evidence(v,
		     "the child has the word from before the fork, and the parent the later one");
	return HELD;
}

SCENARIO(oracle_fork) = {
	.name = "explore/oracle-fork",
	.rule = "a self-test of the explorer: no oracle complains of a parent and its child",
	.reference = "docs/explorer.md",
	.mode = MODE_EXPLORED,
	.programs = true,
	.roles = {[FIRST] = {"first", store_fork_store}, [OTHER] = {"other", lab_stand_by}},
	.forked = BIT(CHILD),
	CELLS(HOLDS()),
	.setup = map_anonymous_page,
	.judge = judge_words,
};
