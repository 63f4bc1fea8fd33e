/* SPDX-License-Identifier: MIT */
/* A CPU stores through a user address and becomes lazy at once. A zap does not find the CPU in the
 * mask, so it does not wait for it, and the frame gets another owner. The store must be in memory
 * by then. */
#include <asm/barrier.h>
#include <asm/trap.h>

#include "tests/lab/mapped.h"

enum {
	BORROWER,
	WRITER,
};

/* The numbers of v->flag. */
enum {
	OWNED,	/* another owner could allocate the frame, and did */
	STORED, /* the store through the address went through */
};

/* The numbers of v->value. */
enum {
	AFTERWARDS, /* the frame's first word, written by the other owner */
};

#define OWNERS_WORD 0x0e0e0e0eu
#define STRAY_WORD  0x57a4a4b1u

static void borrow(struct variant *v)
{
	struct fault fault;

	v->flag[STORED] = try_store(v->va, STRAY_WORD, &fault);
	mm_lazy_enter();
	mm_lazy_exit();
}

/* The lab is the other owner. */
static void take_over(struct variant *v)
{
	pfn_t pfn = page_to_pfn(v->a);
	struct page *page;
	u32 *word;

	lab_zap(v);
	page = alloc_page_at(pfn);
	v->flag[OWNED] = page;
	if (!page)
		return;
	word = page_map(pfn, WINDOW_A);
	WRITE_ONCE(*word, OWNERS_WORD);
	smp_mb(); /* the value comes from memory, not from this CPU's own store */
	v->value[AFTERWARDS] = READ_ONCE(*word);
	put_page(page);
}

static enum verdict judge(struct variant *v)
{
	if (v->flag[OWNED] && v->value[AFTERWARDS] == STRAY_WORD) {
		lab_saw(v,
			"a store that CPU %u made before it became lazy came to frame 0x%x when it "
			"had another owner",
			v->cpu[BORROWER], page_to_pfn(v->a));
		return VIOLATED;
	}
	return v->flag[OWNED] && v->flag[STORED] ? HELD : NO_EVIDENCE;
}

SCENARIO(lazy_store) = {
	.name = "tlb/lazy-store",
	.rule = "a CPU's stores through user addresses are in memory before it becomes "
		"lazy",
	.reference = "Linux enter_lazy_tlb(), switch_mm_irqs_off(): the barriers around "
		     "mm_cpumask()",
	.mode = MODE_EXPLORED,
	.roles = {[BORROWER] = {"borrower", borrow}, [WRITER] = {"writer", take_over}},
	CELLS(HOLDS(), BREAKS(lazy_enter_mb, FROM(PSO), IF(NEED_IPI_FLUSH)),
	      MASKED(lazy_enter_mb, "invalidate_at_clear", FROM(PSO), IF(NEED_BROADCAST))),
	.setup = map_unowned,
	.judge = judge,
};
