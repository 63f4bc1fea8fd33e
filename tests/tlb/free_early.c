/* SPDX-License-Identifier: MIT */
/* A frame gets another owner while a CPU may still have its translation. */
#include <asm/trap.h>

#include "tests/lab/mapped.h"

enum {
	STORER,
	WRITER,
};

/* The numbers of v->flag. */
enum {
	OWNED,	/* another owner could allocate the frame, and did */
	STORED, /* the store through the old address went through */
};

/* The numbers of v->value. */
enum {
	AFTERWARDS, /* the frame's first word, which the store would have changed */
};

#define STRAY_WORD 0x57a4a4b1u

/* The lab is the other owner. A store warms the TLB, so a store can use the translation. */
static void store_after_free(struct variant *v)
{
	pfn_t pfn = page_to_pfn(v->a);
	struct page *page;
	struct fault fault;

	v->flag[STORED] = try_store(v->va, 0, &fault);
	race_point(role_middle);
	page = alloc_page_at(pfn);
	v->flag[OWNED] = page;
	if (!page)
		return;
	fill_page(page_map(pfn, WINDOW_A), lab_tag(pfn));
	v->flag[STORED] = try_store(v->va, STRAY_WORD, &fault);
	v->value[AFTERWARDS] = READ_ONCE(*(u32 *)page_map(pfn, WINDOW_A));
	put_page(page);
}

static enum verdict judge(struct variant *v)
{
	if (v->flag[OWNED] && v->value[AFTERWARDS] == STRAY_WORD) {
		lab_saw(v,
			"a store of CPU %u through the zapped address landed in frame 0x%x, which "
			"had "
			"another owner",
			v->cpu[STORER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !v->flag[OWNED])
		return NO_EVIDENCE;
	lab_evidence(
		v, "the freed frame had another owner when the store came, and the store faulted");
	return HELD;
}

static const struct step store_when_freed[] = {
	STEP(STORER, role_middle, REACHED(WRITER, gather_released)),
	STEP(WRITER, role_start, REACHED(STORER, role_middle)),
	STEP(WRITER, gather_released, REACHED(STORER, role_done)),
};

SCENARIO(free_early) = {
	.name = "tlb/free-early",
	.rule = "a frame is freed only after every CPU has flushed its translations",
	.reference = "Linux mmu_gather, tlb_flush_mmu() before tlb_batch_pages_flush()",
	.mode = MODE_CHOREO,
	.roles = {[STORER] = {"storer", store_after_free}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(store_when_freed),
	CELLS_OF_A_FLUSH(flush_before_free),
	.tries = 8,
	.setup = map_unowned,
	.judge = judge,
};
