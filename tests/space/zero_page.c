/* SPDX-License-Identifier: MIT */
/* A program loads from fresh pages, and so maps the zero page. Then it stores, forks and changes
 * rights, and the zero page must stay as it is. */
#include "mm/table/pgtable.h"
#include "tests/lab/process.h"

enum {
	PARENT,
	CHILD,
};

/* Pages of the mapping at v->va. */
enum {
	STORED,	   /* loaded, then stored to, before the fork */
	INHERITED, /* only loaded before the fork; then the child stores */
	SHARED,	   /* only loaded, by both */
	PROTECTED, /* loaded while read-only, and stored to once it is writable */
	PAGES
};

#define PARENT_WORD 0x9a2e47u
#define CHILD_WORD  0xc41du

/* v->value: */
enum {
	ERROR,			     /* of the first call with one */
	FIRST,			     /* a word of each page, as the parent loads it at first */
	PARENTS = FIRST + PAGES,     /* as the parent loads it in the end */
	CHILDRENS = PARENTS + PAGES, /* as the child loads it in the end */
};

static vaddr_t page_at(const struct variant *v, unsigned page)
{
	return v->va + page * PAGE_SIZE;
}

static bool setup(struct variant *v)
{
	return !is_error(do_mmap(&v->mm, v->va, PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

static void load_all(struct variant *v, unsigned value)
{
	for (unsigned page = 0; page < PAGES; page++)
		v->value[value + page] = user_load(page_at(v, page));
}

/* Only the parent makes calls. */
static void must_be_0(struct variant *v, int result)
{
	if (result && !v->value[ERROR])
		v->value[ERROR] = (u32)result;
}

static void load_store_and_fork(struct variant *v)
{
	must_be_0(v, sys_mprotect(page_at(v, PROTECTED), PAGE_SIZE, PROT_READ));
	load_all(v, FIRST);
	user_store(page_at(v, STORED), PARENT_WORD);
	must_be_0(v, sys_mprotect(page_at(v, PROTECTED), PAGE_SIZE, PROT_READ | PROT_WRITE));
	user_store(page_at(v, PROTECTED), PARENT_WORD);
	must_be_0(v, sys_fork(v, CHILD));
	must_be_0(v, sys_wait(v, CHILD));
	load_all(v, PARENTS);
}

static void store_in_child(struct variant *v)
{
	user_store(page_at(v, INHERITED), CHILD_WORD);
	load_all(v, CHILDRENS);
}

static const struct {
	const char *who;
	u32 value, words[PAGES];
} expected[] = {
	{"the parent at first", FIRST, {0}},
	{"the parent in the end", PARENTS, {[STORED] = PARENT_WORD, [PROTECTED] = PARENT_WORD}},
	{"the child",
	 CHILDRENS,
	 {[STORED] = PARENT_WORD, [INHERITED] = CHILD_WORD, [PROTECTED] = PARENT_WORD}},
};

static bool read_other_words(struct variant *v)
{
	for (unsigned i = 0; i < ARRAY_SIZE(expected); i++)
		for (unsigned page = 0; page < PAGES; page++) {
			u32 word = v->value[expected[i].value + page];

			if (word == expected[i].words[page])
				continue;
			lab_saw(v, "%s loaded 0x%x from page %u, and not 0x%x", expected[i].who,
				word, page, expected[i].words[page]);
			return true;
		}
	return false;
}

static bool maps_zero_page(struct variant *v, unsigned page)
{
	pte_t *ptep = pte_lookup(&v->mm, page_at(v, page));

	return ptep && is_zero_pfn(entry_pfn(entry_read(ptep)));
}

static enum verdict judge(struct variant *v)
{
	if (v->value[ERROR]) {
		lab_saw(v, "a call returned %d", (int)v->value[ERROR]);
		return VIOLATED;
	}
	if (read_other_words(v))
		return VIOLATED;
	if (maps_zero_page(v, STORED) || maps_zero_page(v, PROTECTED) ||
	    !maps_zero_page(v, INHERITED) || !maps_zero_page(v, SHARED)) {
		lab_saw(v, "the pages that map the zero page are not those that were only loaded");
		return VIOLATED;
	}
	if (page_count(pfn_to_page(zero_pfn))) {
		lab_saw(v, "the zero page has %u references", page_count(pfn_to_page(zero_pfn)));
		return VIOLATED;
	}
	lab_evidence(
		v,
		"two pages map the zero page still, and two were stored to; the child stored to one of the former, and its parent reads zeros there");
	return HELD;
}

SCENARIO(zero_page) = {
	.name = "space/zero-page",
	.rule = "a page that was only loaded is the zero page, in a child as well, and no store goes to it",
	.reference =
		"Linux do_anonymous_page(): my_zero_pfn(), pte_mkspecial(); vm_normal_page() in zap and fork; wp_page_copy()",
	.mode = MODE_PROBE,
	.programs = true,
	.roles_meet = true,
	.roles = {[PARENT] = {"parent", load_store_and_fork}, [CHILD] = {"child", store_in_child}},
	.forked = BIT(CHILD),
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
