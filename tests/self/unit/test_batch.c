/* SPDX-License-Identifier: MIT */
/* Tests mm/table/batch.c access by access. A flush that was deferred must be performed for all CPUs
 * and pages of the batch, and before a change that relies on a slot that is not present. */
#include "mm/table/batch.h"

#include "mm/space/fork.h"
#include "mm/space/vma.h"
#include "mm/table/clear.h"
#include "mm/table/move.h"
#include "mm/table/rights.h"
#include "mm/table/zap.h"
#include "tests/self/unit/mapped_page.h"

#define ADD	(CAP_BROADCAST_FLUSH ? "R pending" : "Xf batched add 1; R mask")
#define SETTLED (CAP_BROADCAST_FLUSH ? "" : "R batched; Ra settled")
static struct unmap_batch batch;

static void begin(void)
{
	fresh();
	NAME_STEP(mm.batched, "batched");
	NAME_STEP(mm.settled, "settled");
	batch = (struct unmap_batch){.cpus = 0};
}

static const char *settle_to(u32 count)
{
	static char text[120];

	text[0] = 0;
	if (!CAP_BROADCAST_FLUSH)
		snprintf(
			text, sizeof(text),
			"R batched; Ra settled; mb; R mask; flush 0 %llx; @shootdown_done+ 0; Wr settled=%x",
			(unsigned long long)user_end(mm.pgd), count);
	return text;
}

/* Fork copies mappings only. */
static void map_va(void)
{
	struct vma_change change = {.kind = VMA_MAP, .start = VA, .end = VA + PAGE_SIZE};

	assert(!vma_prepare(&mm, &change));
	vma_commit(&mm, &change);
}

static void take(void)
{
	mm_clear_pte(&mm, VA, ptep);
	batch_add(&batch, &mm, VA);
}

static void test_batch(void)
{
	begin();
	mm_clear_pte(&mm, VA, ptep);
	mm.flush_pending = false;
	STEPS(batch_add(&batch, &mm, VA), ADD, "a page is noted, and nothing is flushed");
	if (CAP_BROADCAST_FLUSH) {
		CHECK(!batch.cpus, "its clear was its flush");
		STEPS(batch_flush(&batch), "", "so there is nothing left");
		return;
	}
	CHECK(batch.cpus == BIT(1) && batch.start == VA && batch.end == VA + PAGE_SIZE,
	      "with the CPUs of its space");
	mm.cpumask = BIT(0);
	batch_add(&batch, &mm, VA - PAGE_SIZE);
	batch_add(&batch, &mm, VA + PAGE_SIZE);
	CHECK(batch.cpus == (BIT(0) | BIT(1)) && batch.start == VA - PAGE_SIZE &&
		      batch.end == VA + 2 * PAGE_SIZE,
	      "and the batch grows in both directions and over the CPUs of another space");
	batch.cpus = BIT(1);
	STEPS(batch_flush(&batch), "mb; flush 0 c0; @shootdown_done+ 0", "it is flushed at once");
	CHECK(!batch.cpus && batch.start == batch.end, "and is empty then");
	STEPS(batch_flush(&batch), "", "an empty one flushes nothing");
}

static void test_settle(void)
{
	begin();
	STEPS(batch_settle(&mm), SETTLED, "nothing was deferred: no flush");
	take();
	take();
	STEPS(batch_settle(&mm), settle_to(2), "the whole space is flushed for what was");
	STEPS(batch_settle(&mm), SETTLED, "and only once");
	take();
	STEPS(batch_settle(&mm), settle_to(3), "a later page is owed again");
	if (CAP_BROADCAST_FLUSH)
		return;
	mm.settled = 2;
	STEPS(batch_settle(&mm), settle_to(3), "an older count of another CPU costs one flush");
}

/* Whether the steps begin with a lock and what is then owed. */
static bool settles_first(const char *lock)
{
	const char *at = strstr(step_text, lock), *expected = settle_to(1);

	model_submit = NULL;
	step_note_barriers();
	return at && !strncmp(at + strlen(lock), expected, strlen(expected));
}

#define SETTLES(statement, lock, ...)                                                              \
	do {                                                                                       \
		begin();                                                                           \
		map_va();                                                                          \
		take();                                                                            \
		steps_begin();                                                                     \
		statement;                                                                         \
		CHECK(settles_first(lock), __VA_ARGS__);                                           \
	} while (0)

static void test_callers(void)
{
	static struct mm child;

	SETTLES(zap_page_range(&mm, VA, VA + PAGE_SIZE), "Xf lock cmpxchg 2; ",
		"a zap settles under the lock");
	SETTLES(protect_page_range(&mm, VA, VA + PAGE_SIZE, PTE_USER), "Xf lock cmpxchg 2; ",
		"and so do a change of rights");
	SETTLES(move_page_tables(&mm, VA, VA + PAGE_SIZE, PAGE_SIZE), "Xf lock cmpxchg 2; ",
		"a move");
	SETTLES(dup_mm(&child, &mm), "Xf lock cmpxchg 2; ", "and a fork, for the parent");
}

static void test_guards(void)
{
	begin();
	take();
	GUARD_OFF(settle_before_zap);
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	CHECK(!mm.settled, "settle_before_zap off: a zap does not");
	GUARD_OFF(settle_before_protect);
	protect_page_range(&mm, VA, VA + PAGE_SIZE, PTE_USER);
	CHECK(!mm.settled, "settle_before_protect off: a change of rights does not");
}

int main(void)
{
	test_batch();
	test_settle();
	test_callers();
	test_guards();
	return tap_done();
}
