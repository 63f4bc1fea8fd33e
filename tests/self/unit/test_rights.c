/* SPDX-License-Identifier: MIT */
/* mm/table/rights.c: how rights and marks of an entry change, access by access, with each guard on
 * and off. Changes of two words, word by word, are in engine/test_rights_words.c. */
#include "mm/table/rights.h"

#include "mm/table/lookup.h"
#include "tests/self/unit/mapped_page.h"

#define READ BY_WORDS("R present; R other", "R present")
#define LOCK "R lock; Xf lock cmpxchg 2"
/* The four entries above of the machine with entries of two words are read first. */
#define WALK   BY_WORDS("rmb; rmb; rmb; rmb; rmb; rmb; rmb; rmb; ", "")
#define UNLOCK "Wr lock=0; @protect_done+ 0"
#define DEFERRED                                                                                   \
	"R present; X clearers or 2; mb; R attached; @clear_deferring+ 0; W pending=1; "           \
	"R present; @rights_changing+ 0; W present="
#define END_CLEAR "; wmb; X clearers and fffffffd; @rights_changed+ new"
#define FLUSH                                                                                      \
	(CAP_BROADCAST_FLUSH ? "R pending; W pending=0; broadcast all"                             \
			     : "mb; R mask; flush 40 80; @shootdown_done+ 0")

/* The entry that the mapped page must have after the change. */
static pte_t new;

static void mapped(pte_t now, pte_t then)
{
	fresh();
	*ptep = now;
	new = then;
	NAME_VALUE(entry_value(new), "new");
	if (CAP_SPLIT_ENTRIES) {
		NAME_VALUE(new.word[PRESENT_WORD], "low new");
		NAME_VALUE(new.word[OTHER_WORD], "high new");
	}
}

/* Returns the steps to change an entry, with only this CPU attached. */
static const char *one_change(void)
{
	static char text[400];

	if (CAP_BROADCAST_FLUSH)
		snprintf(text, sizeof(text), DEFERRED "new" END_CLEAR);
	else
		snprintf(text, sizeof(text),
			 "%s; @rights_changing+ 0; Xf present cmpxchg new; @rights_changed+ new",
			 READ);
	return text;
}

/* A frame number with bits in both words. */
#define PFN (3u << SPLIT_PFN_SHIFT | 5)

static pte_t rights(u32 more)
{
	return mk_pte(PFN, PTE_USER | PTE_YOUNG | PTE_DIRTY | more);
}

static void test_leaves(void)
{
	pte_t old = PTE_NONE;
	bool was = false;

	fresh();
	mapped(rights(PTE_WRITE), rights(0));
	STEPS(old = ptep_set_wrprotect(&mm, VA, ptep), one_change(), "the right to store goes");
	CHECK(entry_same(old, rights(PTE_WRITE)) && entry_same(*ptep, rights(0)),
	      "by one change of all the entry, which gives what was there");
	mapped(rights(0), rights(PTE_WRITE));
	STEPS(old = ptep_set_write(&mm, VA, ptep), one_change(), "and comes back");
	CHECK(entry_same(old, rights(0)) && entry_same(*ptep, rights(PTE_WRITE)), "by another");
	mapped(rights(PTE_WRITE), rights(PTE_EXEC));
	STEPS(ptep_modify(&mm, VA, ptep, PTE_USER | PTE_EXEC), one_change(), "all rights at once");
	CHECK(entry_same(*ptep, rights(PTE_EXEC)), "and no mark is lost");
	mapped(rights(PTE_WRITE), pte_mkclean(rights(PTE_WRITE)));
	STEPS(was = ptep_test_and_clear_dirty(&mm, VA, ptep), one_change(), "an entry made clean");
	CHECK(was && !pte_dirty(*ptep) && pte_young(*ptep), "was dirty, and still is young");
	CHECK(!ptep_test_and_clear_dirty(&mm, VA, ptep), "the second time it was not");
	mapped(rights(PTE_WRITE), pte_mkold(rights(PTE_WRITE)));
	STEPS(was = ptep_test_and_clear_young(&mm, VA, ptep), one_change(), "an entry made old");
	CHECK(was && !pte_young(*ptep) && pte_dirty(*ptep), "was young, and still is dirty");
	CHECK(!ptep_test_and_clear_young(&mm, VA, ptep), "the second time it was not");
	mapped(rights(0), rights(0));
	STEPS(ptep_set_access_flags(&mm, VA, ptep, false), "", "hardware marks entries itself");
}

/* Another CPU has the space as well. */
static void test_attached(void)
{
	mapped(rights(PTE_WRITE), rights(0));
	if (!CAP_BROADCAST_FLUSH)
		return;
	AS_CPU(0, STEPS(ptep_set_wrprotect(&mm, VA, ptep),
			"R present; X clearers or 1; mb; R attached; broadcast present; "
			"R present; @rights_changing+ 0; W present=new; wmb; "
			"X clearers and fffffffe; @rights_changed+ new",
			"no valid entry that another CPU has is just overwritten"));
}

static bool marked;

/* The hardware marks the entry when it is about to be changed. */
static void mark(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_rights_changing && !marked)
		ptep->word[PRESENT_WORD] |= MODEL_D;
	marked |= site->point == RACE_rights_changing;
}

static void test_marks(void)
{
	pte_t clean = mk_pte(PFN, PTE_USER | PTE_WRITE | PTE_YOUNG);
	pte_t old;

	if (CAP_BROADCAST_FLUSH)
		return; /* then it is invalid, and nothing marks it */
	mapped(clean, rights(0));
	race_hook = mark;
	marked = false;
	old = ptep_set_wrprotect(&mm, VA, ptep);
	CHECK(entry_same(*ptep, rights(0)) && pte_dirty(old), "a mark that comes just then stays");
	mapped(clean, rights(0));
	race_hook = mark;
	marked = false;
	CHECK(ptep_test_and_clear_dirty(&mm, VA, ptep) && !pte_dirty(*ptep),
	      "and is not overlooked");
	mapped(clean, rights(0));
	GUARD_OFF(rights_exchange);
	race_hook = mark;
	marked = false;
	ptep_set_wrprotect(&mm, VA, ptep);
	CHECK(!pte_dirty(*ptep), "rights_exchange off: it is lost");
	mapped(rights(PTE_WRITE), rights(PTE_EXEC));
	GUARD_OFF(rights_exchange);
	STEPS(ptep_modify(&mm, VA, ptep, PTE_USER | PTE_EXEC),
	      BY_WORDS("R present; R other; @rights_changing+ 0; W present=low new; "
		       "W other=high new; @rights_changed+ new",
		       "R present; @rights_changing+ 0; W present=new; @rights_changed+ new"),
	      "then it stores the words that change");
}

/* Marks it again and again. No hardware does so. */
static void mark_always(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_rights_changing)
		ptep->word[PRESENT_WORD] ^= MODEL_D;
}

static void test_never_at_rest(void)
{
	if (CAP_BROADCAST_FLUSH)
		return;
	mapped(rights(PTE_WRITE), rights(0));
	race_hook = mark_always;
	CHECK(PANICS(ptep_set_wrprotect(&mm, VA, ptep)) && panic_says("was marked 1000 times"),
	      "an entry that does not come to rest stops the machine");
}

static void test_choices(void)
{
	mapped(rights(PTE_WRITE), rights(0));
	CHOOSE(pte_read, seq);
	steps_begin();
	ptep_set_wrprotect(&mm, VA, ptep);
	step_note_barriers();
	model_submit = NULL;
	CHECK(!strncmp(step_text, "R seq; W seq=1; ", 16) &&
		      strstr(step_text, "; R seq; W seq=2; @rights_changed"),
	      "pte_read=seq: the table's count is odd meanwhile");
	mapped(rights(PTE_WRITE), rights(0));
	CHOOSE(protect, clear_set);
	steps_begin();
	ptep_modify(&mm, VA, ptep, PTE_USER);
	step_note_barriers();
	model_submit = NULL;
	CHECK(strstr(step_text,
		     CAP_BROADCAST_FLUSH ? "W present=0; wmb" : "Xf present xchg 0; @clear_done") &&
		      strstr(step_text, BY_WORDS("@rights_changing+ 0; W other=high new; ",
						 "@rights_changing+ 0; W present=new; ")),
	      "protect=clear_set: cleared, and set again");
	CHECK(!strstr(step_text, "flush") && !strstr(step_text, "broadcast") &&
		      entry_same(*ptep, rights(0)),
	      "with no flush between");
}

static const char *protect_steps(u32 to)
{
	steps_begin();
	protect_page_range(&mm, VA, VA + PAGE_SIZE, to);
	step_note_barriers();
	model_submit = NULL;
	return step_text;
}

/* Returns where a flush begins in the text, or NULL. */
static const char *flush_of(const char *text)
{
	return strstr(text, CAP_BROADCAST_FLUSH ? "R pending" : "flush 40");
}

static bool flushes(pte_t from, u32 to)
{
	const char *text, *flush;

	mapped(from, pte_modify(from, to));
	text = protect_steps(to);
	flush = strstr(text, FLUSH);
	CHECK(entry_same(*ptep, new), "0x%llx", (unsigned long long)entry_value(new));
	CHECK(!flush || flush < strstr(text, UNLOCK), "a flush comes before the lock drops");
	return flush;
}

static void test_range(void)
{
	char expected[600];

	mapped(rights(PTE_WRITE), rights(0));
	snprintf(expected, sizeof(expected), "%s%s; %s; %s; %s; %s", WALK, LOCK, READ, one_change(),
		 FLUSH, UNLOCK);
	STEPS(protect_page_range(&mm, VA, VA + PAGE_SIZE, PTE_USER), expected,
	      "rights of a range: changed, flushed, and then unlocked");
	mapped(rights(PTE_WRITE), rights(0));
	GUARD_OFF(rights_flush);
	CHECK(!strstr(protect_steps(PTE_USER), "flush 40") && !strstr(step_text, "broadcast all"),
	      "rights_flush off: without a flush");
	mapped(rights(PTE_WRITE), rights(0));
	GUARD_OFF(rights_before_flush);
	protect_steps(PTE_USER);
	CHECK(flush_of(step_text) && flush_of(step_text) < strstr(step_text, "@rights_changing") &&
		      !flush_of(strstr(step_text, "@rights_changed")),
	      "rights_before_flush off: the flush comes before the change");
	CHECK(flushes(rights(PTE_WRITE), PTE_USER) && flushes(rights(PTE_EXEC), PTE_USER) &&
		      flushes(rights(0), 0) && flushes(rights(PTE_EXEC), PTE_USER | PTE_WRITE),
	      "what takes a right is flushed");
	if (CAP_BROADCAST_FLUSH)
		return; /* a deferred flush comes in any case */
	CHECK(!flushes(rights(0), PTE_USER | PTE_WRITE | PTE_EXEC) &&
		      !flushes(rights(0), PTE_USER | PTE_EXEC) &&
		      !flushes(pte_modify(rights(0), 0), PTE_USER | PTE_WRITE) &&
		      !flushes(rights(PTE_WRITE), PTE_USER | PTE_WRITE),
	      "what only gives is not");
}

static void test_keep_write(void)
{
	fresh();
	map_frame(&mm, 0x80, ZONE_DIRECT);
	ptep_set_wrprotect(&mm, VA, ptep);
	protect_page_range(&mm, VA, 0xc0, PTE_USER | PTE_KEEP_WRITE);
	CHECK(!pte_access_permitted(*ptep, true) && pte_access_permitted(ptep[1], true),
	      "the right to store is kept, and not given");
	protect_page_range(&mm, VA, 0xc0, PTE_KEEP_WRITE);
	CHECK(!pte_access_permitted(ptep[1], false), "with no right to read there is none");
}

static void test_left_alone(void)
{
	char expected[100];

	fresh();
	*ptep = swap;
	protect_page_range(&mm, 0, user_end(mm.pgd), PTE_USER);
	CHECK(entry_same(*ptep, swap) && entry_none(ptep[1]),
	      "neither swap entries nor empty slots");
	fresh();
	snprintf(expected, sizeof(expected), "%s@protect_done+ 0", WALK);
	STEPS(protect_page_range(&mm, 0x140, 0x180, PTE_USER), expected,
	      "where there is no table, nothing");
	fresh();
	map_frame(&mm, 0x80, ZONE_DIRECT);
	map_frame(&mm, 0x140, ZONE_DIRECT);
	protect_page_range(&mm, VA, 0x140, PTE_USER);
	CHECK(!pte_access_permitted(*ptep, true) && !pte_access_permitted(ptep[1], true) &&
		      pte_access_permitted(*pte_lookup(&mm, 0x140), true),
	      "all of the range, and nothing behind it");
}

/* A CPU that holds the lock of the second table keeps nobody out of the first one. */
static void test_two_tables(void)
{
	const char *flush, *unlock;

	mapped(rights(PTE_WRITE), rights(0));
	map_frame(&mm, 0x140, ZONE_DIRECT);
	NAME_STEP(pte_lockptr(pte_lookup(&mm, 0x140))->owner, "second");
	steps_begin();
	protect_page_range(&mm, VA, 0x180, PTE_USER);
	step_note_barriers();
	model_submit = NULL;
	flush = strstr(step_text, CAP_BROADCAST_FLUSH ? "broadcast all" : "flush 40 100");
	unlock = strstr(step_text, "Wr lock=0; ");
	CHECK(flush && unlock > flush && strstr(step_text, "Xf second cmpxchg 2") > unlock,
	      "two tables: the first is flushed and unlocked before the second is locked");
	flush = strstr(unlock, CAP_BROADCAST_FLUSH ? "broadcast all" : "flush 100 180");
	CHECK(flush && strstr(flush, "Wr second=0; @protect_done+ 0"), "and so is the second");
}

/* On a port with broadcast flushes a change of the only CPU's leaves a flush for later. */
static void test_deferred(void)
{
	mapped(rights(0), rights(PTE_WRITE));
	ptep_set_write(&mm, VA, ptep);
	CHECK(mm.flush_pending == CAP_BROADCAST_FLUSH, "a right given");
	STEPS(flush_rights(&mm, VA, VA + PAGE_SIZE, false),
	      CAP_BROADCAST_FLUSH ? "R pending; W pending=0; broadcast all" : "",
	      "only what was deferred is flushed");
}

int main(void)
{
	test_leaves();
	test_attached();
	test_marks();
	test_never_at_rest();
	test_choices();
	test_range();
	test_keep_write();
	test_left_alone();
	test_two_tables();
	test_deferred();
	return tap_done();
}
