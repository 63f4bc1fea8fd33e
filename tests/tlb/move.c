/* SPDX-License-Identifier: MIT */
/* A page has moved and is freed at its new address, while a CPU may still have a translation of the
 * old one. */
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	STORER,
	MOVER,
};

/* The numbers of v->flag. */
enum {
	OWNED, /* another owner could allocate the frame, and did */
};

/* The numbers of v->value. */
enum {
	MOVED,	    /* by how much mremap() moved the page */
	AFTERWARDS, /* the frame's first word, which the store would have changed */
};

#define STRAY_WORD 0x57a4a4b1u
/* To the same slot of the next page table, so the move takes the locks of two. */
#define DISTANCE ((vaddr_t)1 << PMD_SHIFT)

static bool is_mapped(struct variant *v, vaddr_t va)
{
	pte_t *ptep = pte_lookup(&v->mm, va);

	return ptep && entry_present(entry_read(ptep));
}

/* The page is dropped without the mmap lock, under the lock of its table alone. That is how Linux's
 * truncate() drops it, as it finds the page by its file. The lab is the next owner of the frame. A
 * store warms the TLB before, so a store can use the translation. */
static void store_when_dropped(struct variant *v)
{
	pfn_t pfn = page_to_pfn(v->a);
	vaddr_t new = v->va + DISTANCE;
	struct lab_patience patience = {0};
	struct page *page;

	user_store(v->va, 0);
	race_point(role_middle);
	if (!lab_together(v))
		return;
	while (lab_at_work(v, MOVER, &patience) && !is_mapped(v, new))
		;
	zap_page_range(&v->mm, new, new + PAGE_SIZE);
	page = alloc_page_at(pfn);
	v->flag[OWNED] = page;
	if (!page)
		return;
	fill_page(page_map(pfn, WINDOW_A), lab_tag(pfn));
	user_store(v->va, STRAY_WORD);
	v->value[AFTERWARDS] = READ_ONCE(*(u32 *)page_map(pfn, WINDOW_A));
	put_page(page);
}

static void move_page(struct variant *v)
{
	if (!lab_together(v))
		return;
	v->value[MOVED] = (u32)(sys_mremap(v->va, PAGE_SIZE, PAGE_SIZE,
					   MREMAP_MAYMOVE | MREMAP_FIXED, v->va + DISTANCE) -
				v->va);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;
	bool ended = role_ended(v, STORER, &end);

	v->outcome = !v->flag[OWNED] ? "not dropped" : ended ? "fault" : "stored";
	if (v->value[MOVED] != DISTANCE) {
		lab_saw(v, "mremap() moved the page by 0x%x", v->value[MOVED]);
		return VIOLATED;
	}
	if (v->flag[OWNED] && v->value[AFTERWARDS] == STRAY_WORD) {
		lab_saw(v,
			"a store of CPU %u through the old address landed in frame 0x%x, which was dropped at the new one and had another owner",
			v->cpu[STORER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[OWNED] || !ended || end.address != v->va)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page had moved and was dropped at its new address, and the store at the old one faulted");
	return HELD;
}

/* The mover stands right behind the locks and still has the mmap lock. The storer's fault waits for
 * it. */
static const struct step store_when_unlocked[] = {
	STEP(MOVER, role_start, REACHED(STORER, role_middle)),
	STEP(STORER, role_middle, REACHED(MOVER, move_unlocked)),
	STEP(MOVER, move_unlocked, REACHED(STORER, role_done), BLOCKED_ON_ME(STORER)),
};

SCENARIO(move) = {
	.name = "tlb/move",
	.rule = "a moved page is found at its new address only after every CPU has flushed the old one",
	.reference =
		"CVE-2018-18281; Linux move_ptes(), eb66ae030829 mremap: properly flush TLB before releasing the page",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[STORER] = {"storer", store_when_dropped}, [MOVER] = {"mover", move_page}},
	.script = STEPS(store_when_unlocked),
	CELLS_OF_A_FLUSH(move_flush),
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
