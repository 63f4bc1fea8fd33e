/* SPDX-License-Identifier: MIT */
/* Tests mm/table/clear.h, gather.c and zap.c access by access, with each guard on and off. Entries
 * must be cleared, flushed, given back and unlocked in the order of the protocol. */
#include "mm/table/zap.h"

#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "tests/self/unit/mapped_page.h"

#define DEFERRED                                                                                   \
	"R present; X clearers or 2; mb; R attached; @clear_deferring+ 0; W pending=1; R present; "
#define CLEARED	 "wmb; X clearers and fffffffd; @clear_done+ whole"
#define TAKE                                                                                       \
	(CAP_BROADCAST_FLUSH ? DEFERRED "W present=0; " CLEARED                                    \
			     : "Xf present xchg 0; @clear_done+ whole")
#define FLUSH                                                                                      \
	(CAP_BROADCAST_FLUSH ? "R pending; W pending=0; broadcast all"                             \
			     : "mb; R mask; flush 40 80; @shootdown_done+ 0")
#define RELEASE "Xf count add ffffffff; @gather_released+ 1"
#define LOOK	BY_WORDS("R present; R other", "R present")

/* The pieces of a text, with "; " between them. */
static const char *pieces(const char *const *piece)
{
	static char text[1500];

	text[0] = 0;
	for (; *piece; piece++)
		strcat(strcat(text, *text ? "; " : ""), *piece);
	return text;
}
#define PIECES(...) pieces((const char *const[]){__VA_ARGS__, NULL})
/* The four entries above of the machine with entries of two words are read first. */
#define WALK   "rmb; rmb; rmb; rmb; rmb; rmb; rmb; rmb"
#define LOCK   BY_WORDS(WALK "; R lock; Xf lock cmpxchg 2", "R lock; Xf lock cmpxchg 2")
#define UNLOCK "Wr lock=0"

static void test_clears(void)
{
	fresh();
	TAKES(mm_clear_pte(&mm, VA, ptep), TAKE, "an entry of a space that only this CPU has");
	fresh();
	AS_CPU(0, STEPS(mm_clear_pte(&mm, VA, ptep),
			CAP_BROADCAST_FLUSH
				? "R present; X clearers or 1; mb; R attached; broadcast present; "
				  "R present; W present=0; wmb; X clearers and fffffffe; @clear_done+ whole"
				: TAKE,
			"of one that another CPU has: no valid entry is just overwritten"));
	fresh();
	GUARD_OFF(clear_mb);
	GUARD_OFF(cleared_wmb);
	GUARD_OFF(invalidate_at_clear);
	AS_CPU(0,
	       STEPS(mm_clear_pte(&mm, VA, ptep),
		     CAP_BROADCAST_FLUSH ? "R present; X clearers or 1; R attached; R present; W present=0; X clearers and fffffffe; @clear_done+ whole"
					 : TAKE,
		     "the guards off: it is"));
	fresh();
	STEPS(flush_cleared(&mm, VA, VA + PAGE_SIZE), CAP_BROADCAST_FLUSH ? "R pending" : FLUSH,
	      "its flush, where none was deferred");
	mm.flush_pending = true;
	GUARD_OFF(own_flush);
	STEPS(flush_cleared(&mm, VA, VA + PAGE_SIZE),
	      CAP_BROADCAST_FLUSH ? "R pending; W pending=0" : "mb; R mask; @shootdown_done+ 0",
	      "own_flush off: none at all");
}

static void test_zap(void)
{
	fresh();
	STEPS(zap_page_range(&mm, VA, VA + PAGE_SIZE),
	      PIECES(LOCK, LOOK, TAKE, FLUSH, RELEASE, UNLOCK, "@zap_unlocked+ 0", "@zap_done+ 0"),
	      "a zap: it clears, flushes, gives the frame back, and then unlocks");
	fresh();
	CHOOSE(zap_flush, after_unlock);
	STEPS(zap_page_range(&mm, VA, VA + PAGE_SIZE),
	      PIECES(LOCK, LOOK, TAKE, UNLOCK, "@zap_unlocked+ 0", FLUSH, RELEASE, "@zap_done+ 0"),
	      "zap_flush=after_unlock: it unlocks first");
	fresh();
	GUARD_OFF(flush_before_free);
	STEPS(zap_page_range(&mm, VA, VA + PAGE_SIZE),
	      PIECES(LOCK, LOOK, TAKE, RELEASE, FLUSH, UNLOCK, "@zap_unlocked+ 0", "@zap_done+ 0"),
	      "flush_before_free off: the frame goes before the flush");
	fresh();
	set_pte(ptep, swap);
	STEPS(zap_page_range(&mm, VA, VA + PAGE_SIZE),
	      CAP_BROADCAST_FLUSH
		      ? PIECES(LOCK, LOOK, DEFERRED "W present=0", "wmb; X clearers and fffffffd",
			       "@clear_done+ swap", "@gather_released+ 0", UNLOCK,
			       "@zap_unlocked+ 0", "@zap_done+ 0")
		      : PIECES(LOCK, LOOK, "Xf present xchg 0; @clear_done+ swap",
			       "@gather_released+ 0", UNLOCK, "@zap_unlocked+ 0", "@zap_done+ 0"),
	      "a swap entry: nothing to flush, nothing to give back");
	STEPS(zap_page_range(&mm, VA, VA + PAGE_SIZE),
	      PIECES(LOCK, LOOK, "@gather_released+ 0", UNLOCK, "@zap_unlocked+ 0", "@zap_done+ 0"),
	      "an empty slot is not touched");
}

static void test_invalidate_page(void)
{
	const char *change =
		CAP_BROADCAST_FLUSH
			? "R present; " DEFERRED "W present=invalid; " CLEARED
			  "; R present; @zap_taking_present+ 0; Xf present xchg 0; W present=invalid"
			: BY_WORDS("R present; R other; @zap_taking_present+ 0; Xf present xchg 0; W present=low invalid",
				   "R present; @zap_taking_present+ 0; Xf present xchg 0; W present=invalid");

	fresh();
	STEPS(invalidate_page(&mm, VA),
	      PIECES(LOCK, LOOK, change, "@set_done+ invalid", FLUSH, UNLOCK),
	      "a page is made invalid, and flushed, under the lock");
	fresh();
	GUARD_OFF(invalidate_flush);
	STEPS(invalidate_page(&mm, VA), PIECES(LOCK, LOOK, change, "@set_done+ invalid", UNLOCK),
	      "invalidate_flush off: without a flush");
	fresh();
	set_pte(ptep, swap);
	STEPS(invalidate_page(&mm, VA), PIECES(LOCK, LOOK, UNLOCK), "a swap entry is left alone");
	GUARD_OFF(mkinvalid_checks_present);
	invalidate_page(&mm, VA);
	CHECK(!entry_same(*ptep, swap), "unless mkinvalid_checks_present is off");
	STEPS(invalidate_page(&mm, 0x140), BY_WORDS(WALK, ""), "no table: nothing");
}

static void test_free_tables(void)
{
	fresh();
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	race_hook = NULL;
	steps_begin();
	free_pgtables(&mm, 0, 0x100);
	model_submit = NULL;
	CHECK(!strncmp(step_text, "R space; Xf space cmpxchg 2; ", 29) &&
		      strstr(step_text, "R pmds; Xf pmds cmpxchg 2; "),
	      "tables are freed under the lock of the space and of the PMD table");
	CHECK(strstr(step_text, "; Xf table add ffffffff") &&
		      strstr(step_text, "; Wr pmds=0; Wr space=0"),
	      "which drop when they are free");
	if (!CAP_BROADCAST_FLUSH)
		CHECK(strstr(step_text, "; mb; R attached; flush 0 100; "),
		      "after a flush of all that they mapped, on lazy CPUs too");
	CHECK(!page_count(table), "the table is free");
	fresh();
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	GUARD_OFF(tables_reach_lazy);
	steps_begin();
	free_pgtables(&mm, 0, 0x100);
	model_submit = NULL;
	CHECK(CAP_BROADCAST_FLUSH || strstr(step_text, "; mb; R mask; flush 0 100; "),
	      "tables_reach_lazy off: only on those that are not");
	fresh();
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	GUARD_OFF(table_after_flush);
	steps_begin();
	free_pgtables(&mm, 0, 0x100);
	model_submit = NULL;
	CHECK(strstr(step_text, "add ffffffff") <
		      strstr(step_text, CAP_BROADCAST_FLUSH ? "broadcast" : "flush 0 100"),
	      "table_after_flush off: they go before it");
	fresh();
	CHECK(PANICS(free_pgtables(&mm, 0, 0x100)) &&
		      panic_says("free_pgtables: the slot of 0x40 is not empty"),
	      "a table with a mapping in it is not to be freed");
}

/*
 * Returns the waits of a zap after a flush without a wait, for interrupts to all, walks, or
 * none.
 */
static const char *sync_steps(bool tables, vaddr_t end)
{
	struct tlb_gather tlb;

	NAME_STEP(cpus[0].walk_seq, "walk");
	get_page(page);
	steps_begin();
	gather_begin(&tlb, &mm, tables);
	if (end)
		gather_range(&tlb, 0, end);
	gather_page(&tlb, page);
	gather_finish(&tlb);
	step_note_barriers();
	model_submit = NULL;
	return step_text;
}

static void waits(bool ipis, bool grace, bool tables, const char *what)
{
	const char *text = sync_steps(tables, PAGE_SIZE), *released = strstr(text, "Xf count");
	const char *ipi = strstr(text, "IPI 2.2"), *walk = strstr(text, "Ra walk");

	CHECK(!!ipi == ipis && !!walk == grace, "%s: %s", what,
	      ipis    ? "interrupts to all CPUs"
	      : grace ? "a grace period"
		      : "nothing");
	CHECK(released > ipi && released > walk, "and what was gathered is given back behind that");
}

static void nowait(void)
{
	fresh();
	race_hook = NULL;
	CHOOSE(flush, nowait);
}

static void test_syncs(void)
{
	nowait();
	waits(true, false, true, "tables, table_free=ipi");
	nowait();
	waits(false, false, false, "data");
	CHOOSE(entry_sync, ipi);
	waits(true, false, false, "data, entry_sync=ipi");
	nowait();
	CHOOSE(entry_sync, grace);
	waits(false, true, false, "data, entry_sync=grace");
	nowait();
	CHOOSE(table_free, grace);
	waits(false, true, true, "tables, table_free=grace");
	waits(false, false, false, "data with it");
	GUARD_OFF(table_sync);
	waits(false, false, true, "tables, table_sync off");
	nowait();
	CHOOSE(entry_sync, grace);
	CHECK(!strstr(sync_steps(true, 0), "Ra walk") && !strstr(step_text, "IPI"),
	      "nothing was flushed, so nothing is waited for");
	if (CAP_BROADCAST_FLUSH)
		return;
	fresh();
	race_hook = NULL;
	CHOOSE(entry_sync, grace);
	CHOOSE(table_free, grace);
	waits(false, false, true, "flush=sync waits by itself");
	waits(false, false, false, "for data as well");
}

static void test_range(void)
{
	struct tlb_gather tlb;

	fresh();
	gather_begin(&tlb, &mm, false);
	gather_range(&tlb, 0x80, 0xc0);
	CHECK(tlb.start == 0x80 && tlb.end == 0xc0, "what is flushed: the first range");
	gather_range(&tlb, 0x40, 0x80);
	CHECK(tlb.start == 0x40 && tlb.end == 0xc0, "from the lowest");
	gather_range(&tlb, 0x80, 0x140);
	CHECK(tlb.start == 0x40 && tlb.end == 0x140, "to the highest");
	gather_range(&tlb, 0x80, 0xc0);
	CHECK(tlb.start == 0x40 && tlb.end == 0x140, "and nothing less");
	gather_finish(&tlb);
	CHECK(tlb.start == tlb.end && !tlb.nr && tlb.mm == &mm && !tlb.tables,
	      "afterwards it is empty, and for the same space");
}

/* New tables are complete before the entry that leads to them. If CPUs keep top-level entries in
 * registers, a new one is followed by a flush of everything. */
static void test_new_table(void)
{
	pmd_t *pmdp;

	fresh();
	pmdp = pmd_lookup(&mm, 0x140);
	nr_step_names = 0;
	race_hook = NULL;
	NAME_STEP(pmdp->word[PRESENT_WORD], "present");
	steps_begin();
	CHECK(pte_alloc(&mm, 0x140), "a slot in a new table");
	step_note_barriers();
	model_submit = NULL;
	CHECK(strstr(step_text, "R present; wmb; ") && strstr(step_text, "W present="),
	      "a barrier between the table and the entry that leads to it");
	fresh();
	race_hook = NULL;
	pmdp = pmd_lookup(&mm, 0x140);
	nr_step_names = 0;
	NAME_STEP(pmdp->word[PRESENT_WORD], "present");
	GUARD_OFF(table_wmb);
	steps_begin();
	pte_alloc(&mm, 0x140);
	step_note_barriers();
	model_submit = NULL;
	CHECK(!strstr(step_text, "R present; wmb; "), "table_wmb off: none");
}

/* Whether the parts come in the text in this order. */
static bool in_order(const char *const *part)
{
	const char *at = step_text;

	for (; *part && at; part++)
		at = strstr(at, *part);
	if (!at)
		printf("# steps were: %s\n", step_text);
	return at;
}
#define IN_ORDER(...) in_order((const char *const[]){__VA_ARGS__, NULL})

/* The slots of 0x140, and the one above it, are filled under their locks. */
static void test_new_table_locks(void)
{
	pmd_t *pmdp;
	pud_t *pudp;

	fresh();
	pmdp = pmd_lookup(&mm, 0x140);
	nr_step_names = 0;
	race_hook = NULL;
	NAME_STEP(pmdp->word[PRESENT_WORD], "pmd");
	NAME_STEP(mm.page_table_lock.owner, "space");
	NAME_STEP(pmd_lockptr(pmdp)->owner, "pmds");
	steps_begin();
	pte_alloc(&mm, 0x140);
	model_submit = NULL;
	CHECK(IN_ORDER("R pmd; ", "Xf pmds cmpxchg 2; ", "R pmd; ", "W pmd=", "Wr pmds=0; ",
		       "Xf space cmpxchg 2; ", "Wr space=0"),
	      "a PMD table's entry under its lock, and then the list under the space's");

	fresh();
	pudp = pgd_offset_pgd(mm.pgd, VA);
	pudp = p4d_offset(pudp, VA);
	pudp = pud_offset(pudp, VA) + 1;
	if (!entry_none(*pudp))
		return; /* made together with the space */
	nr_step_names = 0;
	race_hook = NULL;
	NAME_STEP(pudp->word[PRESENT_WORD], "pud");
	NAME_STEP(mm.page_table_lock.owner, "space");
	steps_begin();
	pte_alloc(&mm, VA + ((vaddr_t)1 << PUD_SHIFT));
	model_submit = NULL;
	CHECK(IN_ORDER("R pud; ", "Xf space cmpxchg 2; ", "R pud; ", "W pud=", "Wr space=0"),
	      "one above under the space's lock");
}

static bool establishes(vaddr_t va)
{
	struct page *fresh_page = new_frame(ZONE_DIRECT);

	return mm_establish(&mm, va, user_pte(fresh_page));
}

/* CPU 0 has a lock, and CPU 1 goes on beside it. An endless spin would stop the test. */
static void test_own_locks(void)
{
	pte_t *other;
	pmd_t *pmdp;

	fresh();
	race_hook = NULL;
	other = pte_alloc(&mm, 0x140);
	pmdp = pmd_lookup(&mm, 0x440);
	if (!pmdp)
		assert(pte_alloc(&mm, 0x440) && (pmdp = pmd_lookup(&mm, 0x440)));
	CHECK(pte_lockptr(other) != pte_lockptr(ptep) &&
		      pmd_lockptr(pmdp) != pmd_lockptr(pmd_lookup(&mm, VA)),
	      "each table has a lock of its own");
	CHECK(pte_lockptr(ptep) == pte_lockptr(ptep + 1), "and all of its entries have that one");
	AS_CPU(0, pte_lock(ptep));
	CHECK(establishes(0x140) && establishes(0x240),
	      "a CPU in one table keeps nobody out of another, also if that is new");
	AS_CPU(0, pte_unlock(ptep));
	AS_CPU(0, pmd_lock(pmdp));
	CHECK(establishes(VA + PAGE_SIZE) && establishes(0x340),
	      "nor does one in another PMD table");
	AS_CPU(0, pmd_unlock(pmdp));
	AS_CPU(0, tables_lock(&mm));
	CHECK(establishes(0x180), "nor one above, where the tables are there");
	zap_page_range(&mm, 0, 0x400);
	CHECK(entry_none(*ptep) && entry_none(*pte_lookup(&mm, 0x340)), "nor from a zap");
	AS_CPU(0, tables_unlock(&mm));
}

static void top_entry(bool off, unsigned flushes, const char *what)
{
	machine_reset();
	CHOOSE(top_tables, dynamic);
	if (off)
		GUARD_OFF(top_entry_reload);
	assert(mm_create(&mm));
	load_on(2, &mm);
	model_flushes[2].count = 0;
	assert(pte_alloc(&mm, VA));
	CHECK(model_flushes[2].count == flushes, "%s", what);
	assert(pte_alloc(&mm, 0x140));
	CHECK(model_flushes[2].count == flushes, "a table below it needs none");
	if (flushes)
		CHECK(!model_flushes[2].start && model_flushes[2].end == user_end(mm.pgd),
		      "of all of the user's part");
}

int main(void)
{
	test_syncs();
	test_range();
	test_new_table();
	test_new_table_locks();
	test_own_locks();
	top_entry(false, !!PREALLOCATED_PMDS, "a new top-level entry is made known by a flush");
	top_entry(true, 0, "unless top_entry_reload is off");
	test_clears();
	test_zap();
	test_invalidate_page();
	test_free_tables();
	return tap_done();
}
