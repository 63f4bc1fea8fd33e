/* SPDX-License-Identifier: MIT */
/* Tests each station of a fault in mm/fault, and its result. */
#include <asm/trap.h>

#include <string.h>

#include "kernel/hooks/upcalls.h"
#include "mm/fault/vm_fault.h"
#include "tests/self/unit/mappings.h"
#include "tests/self/unit/steps.h"

#define START AT(0)
#define END   AT(4)

static void new_machine(void)
{
	fresh();
	assert(map(0, 4, RW) == START);
	mm_switch(&mm);
}

static enum vm_fault_result result_at(vaddr_t address, u32 cause)
{
	struct fault fault = {.address = address, .cause = cause};

	return handle_mm_fault(&mm, &fault);
}

static bool fault_at(vaddr_t address, u32 cause)
{
	struct fault fault = {.address = address, .cause = cause};

	return mm_fault(&fault);
}

static void test_fresh(void)
{
	const u32 *word;
	struct page *page;
	bool zero = true;
	pte_t pte = PTE_NONE;

	new_machine();
	put_page(new_frame(ZONE_DIRECT)); /* so that fresh frames are not zero by chance */
	CHECK(fault_at(START + 5, FAULT_USER | FAULT_WRITE) && model_load(START, &pte),
	      "a first touch maps a frame");
	page = pfn_to_page(entry_pfn(pte));
	CHECK(page_count(page) == 1 && pte_access_permitted(pte, true),
	      "one reference, writable by the user");
	word = page_map(entry_pfn(pte), WINDOW_A);
	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		zero = zero && !word[i];
	CHECK(zero, "its contents are zero");
}

static void test_again(void)
{
	u32 frames;
	pte_t before, after;

	new_machine();
	fault_at(START, FAULT_USER);
	frames = zone_free_frames();
	before = *pte_lookup(&mm, START);
	CHECK(fault_at(START, FAULT_USER), "a slot that somebody filled meanwhile: try again");
	after = *pte_lookup(&mm, START);
	CHECK(entry_same(before, after) && zone_free_frames() == frames,
	      "untouched, and no frame leaked");
}

/* A slot is not empty. Can the access be made through it? */
static bool fault_on(pte_t pte, u32 cause)
{
	u32 frames;
	bool again;

	new_machine();
	set_pte(pte_alloc(&mm, START), pte);
	frames = zone_free_frames();
	again = fault_at(START, cause);
	CHECK(entry_same(*pte_lookup(&mm, START), pte) && zone_free_frames() == frames,
	      "the entry 0x%llx is left as it is", (unsigned long long)entry_value(pte));
	return again;
}

static unsigned tries(u32 cause)
{
	unsigned n = 0;

	while (n < 100000 && fault_at(START, cause))
		n++;
	return n;
}

/* Four entries of two words, read without a lock. */
#define WALK "rmb; rmb; rmb; rmb; rmb; rmb; rmb; rmb; "

/* The slot is read and filled under its table's lock. The frame is taken and cleared outside of
 * it. */
static void test_lock(void)
{
	struct page *page;
	pte_t *ptep;

	new_machine();
	map_frame(&mm, START + PAGE_SIZE, ZONE_DIRECT);
	ptep = pte_lookup(&mm, START);
	page = alloc_page(ZONE_DIRECT);
	put_page(page);
	nr_step_names = 0;
	NAME_STEP(pte_lockptr(ptep)->owner, "lock");
	NAME_STEP(page->count, "count");
	NAME_STEP(ptep->word[PRESENT_WORD], "present");
	NAME_STEP(ptep->word[OTHER_WORD], "other");
	NAME_VALUE(user_pte(page).word[PRESENT_WORD], "low");
	NAME_VALUE(user_pte(page).word[OTHER_WORD], "high");
	STEPS(fault_at(START, FAULT_USER | FAULT_WRITE),
	      WALK "R lock; Xf lock cmpxchg 1; R present; R other; Wr lock=0; W count=1; "
	      "mb; mb; R lock; Xf lock cmpxchg 1; R present; R other; "
	      "W other=high; mb; mb; wmb; W present=low; mb; mb; Wr lock=0",
	      "a first touch");
	STEPS(fault_at(START, FAULT_USER),
	      WALK "R lock; Xf lock cmpxchg 1; R present; R other; Wr lock=0", "a second one");
}

static void test_not_empty(void)
{
	pte_t whole = mk_pte(5, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
	unsigned n, flushes;

	CHECK(!fault_on(mk_swap(1, 2), FAULT_USER),
	      "a swap entry: a real fault, not an endless loop");
	CHECK(!fault_on(pte_mkinvalid(whole), FAULT_USER), "an invalidated entry: a real fault");
	CHECK(!fault_on(pte_mkinvalid(whole), FAULT_USER | FAULT_WRITE), "for a store as well");
	CHECK(!fault_on(mk_pte(5, PTE_YOUNG), FAULT_USER),
	      "an entry that is not the user's: a real fault");
	CHECK(result_at(START, FAULT_USER) == VM_FAULT_SIGBUS, "which is a SIGBUS");
	CHECK(fault_on(whole, FAULT_USER | FAULT_WRITE),
	      "one that lets the store through: try again");
	flushes = model_flushes[0].count;
	n = tries(FAULT_USER | FAULT_WRITE);
	CHECK(n > 900 && n < 1000, "but not for ever: %u times more", n);
	CHECK(model_flushes[0].count - flushes == 1000 / 16,
	      "with a flush of this CPU's own translation at every sixteenth");
	CHECK(strstr(model_console, "access to 0x400 faults") &&
		      strstr(model_console, "ev=warning"),
	      "a warning names the address");
	n = tries(FAULT_USER | FAULT_WRITE);
	CHECK(n == 1000, "and then the count begins again: %u times", n);
}

/* Faults at two addresses by turns, and on two CPUs. Neither is the other's retry. */
static void test_by_turns(void)
{
	bool again = true, other = true;
	unsigned n;

	new_machine();
	for (unsigned i = 0; i < 3000; i++) {
		again = again && fault_at(START, FAULT_USER);
		again = again && fault_at(START + PAGE_SIZE, FAULT_USER);
	}
	CHECK(again, "faults at two addresses by turns are no loop");
	n = tries(FAULT_USER);
	CHECK(n == 1000, "and one of them alone is one from its first fault on: %u times", n);
	AS_CPU(1, mm_switch(&mm));
	for (unsigned i = 0; i < 800; i++) {
		again = again && fault_at(START, FAULT_USER);
		AS_CPU(1, other = other && fault_at(START, FAULT_USER));
	}
	CHECK(again && other, "each CPU counts its own");
}

static void test_refused(void)
{
	u32 frames;

	new_machine();
	map(6, 1, PROT_READ);
	map(8, 1, PROT_READ | PROT_EXEC);
	map(10, 1, PROT_NONE);
	frames = zone_free_frames();
	CHECK(result_at(START - 1, FAULT_USER) == VM_FAULT_SIGSEGV &&
		      result_at(END, FAULT_USER) == VM_FAULT_SIGSEGV &&
		      result_at(~0ul, FAULT_USER) == VM_FAULT_SIGSEGV,
	      "outside every mapping");
	CHECK(result_at(AT(6), FAULT_USER | FAULT_WRITE) == VM_FAULT_SIGSEGV &&
		      result_at(AT(6), FAULT_USER | FAULT_EXEC) == VM_FAULT_SIGSEGV &&
		      result_at(AT(10), FAULT_USER) == VM_FAULT_SIGSEGV,
	      "without the right");
	CHECK(!fault_at(START, FAULT_USER | FAULT_RESERVED), "reserved bits");
	CHECK(zone_free_frames() == frames, "no frame was taken");
	CHECK(result_at(AT(8) + 3, FAULT_USER | FAULT_EXEC) == VM_FAULT_DONE &&
		      result_at(AT(6), FAULT_USER) == VM_FAULT_DONE,
	      "with the right");
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(result_at(START, FAULT_USER) == VM_FAULT_OOM, "no frame left");
	CHECK(!fault_at(START, FAULT_USER), "is a real fault");
	mm_switch(NULL);
	CHECK(!fault_at(START, FAULT_USER), "no space loaded: a real fault");
}

/* --- the entry of a fresh page --------------------------------------------------------------- */

static void test_rights(void)
{
	pte_t pte;

	new_machine();
	map(6, 1, PROT_READ);
	fault_at(START, FAULT_USER | FAULT_WRITE);
	pte = *pte_lookup(&mm, START);
	CHECK(pte_access_permitted(pte, true) && pte_dirty(pte),
	      "stored to first: writable and dirty");
	fault_at(AT(6), FAULT_USER);
	pte = *pte_lookup(&mm, AT(6));
	CHECK(pte_access_permitted(pte, false) && !pte_access_permitted(pte, true),
	      "read-only where the mapping is");
}

/* --- a store to a page, perhaps a shared one ------------------------------------------------- */

static struct page *old;
static pte_t read_only;

/* The page at START is read-only, and its word is its number. */
static void shared_page(void)
{
	new_machine();
	old = new_frame(ZONE_HIGH);
	read_only = mk_pte(page_to_pfn(old), PTE_USER | PTE_YOUNG);
	assert(mm_establish(&mm, START, read_only));
}

static struct page *page_at(vaddr_t va)
{
	return pfn_to_page(entry_pfn(*pte_lookup(&mm, va)));
}

static unsigned times_cleared;

static void count_clears(const struct race_site *site, u64 value)
{
	(void)value;
	times_cleared += site->point == RACE_clear_done;
}

static void test_reuse(void)
{
	shared_page();
	CHECK(fault_at(START, FAULT_USER | FAULT_WRITE | FAULT_PROTECTION) && page_at(START) == old,
	      "a page with one reference is used on");
	CHECK(pte_access_permitted(*pte_lookup(&mm, START), true) && page_count(old) == 1,
	      "writable, with that reference");
}

/* The entry permits more than before, so no other CPU has anything to flush. */
static void test_reuse_flushes_nothing(void)
{
	unsigned flushes;

	shared_page();
	AS_CPU(1, mm_switch(&mm));
	flushes = model_flushes[1].count;
	race_hook = count_clears;
	times_cleared = 0;
	fault_at(START, FAULT_USER | FAULT_WRITE | FAULT_PROTECTION);
	race_hook = NULL;
	CHECK(!times_cleared && (CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes),
	      "no other CPU is flushed, and the slot is never empty");
	CHECK(!mm.flush_pending, "nor is a flush left over");
}

static void test_copy(void)
{
	u32 frames;

	shared_page();
	get_page(old);
	frames = zone_free_frames();
	CHECK(fault_at(START, FAULT_USER | FAULT_WRITE | FAULT_PROTECTION) && page_at(START) != old,
	      "one with another reference is copied");
	CHECK(page_count(old) == 1 && page_count(page_at(START)) == 1 &&
		      zone_free_frames() == frames - 1,
	      "and loses the mapping's reference");
	CHECK(*(const u32 *)page_map(page_to_pfn(page_at(START)), WINDOW_A) == page_to_pfn(old),
	      "the copy holds what it held");
	CHECK(pte_access_permitted(*pte_lookup(&mm, START), true) &&
		      pte_dirty(*pte_lookup(&mm, START)),
	      "and is writable and dirty");
}

static void test_copy_without_memory(void)
{
	shared_page();
	get_page(old);
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(result_at(START, FAULT_USER | FAULT_WRITE) == VM_FAULT_OOM, "no memory for a copy");
	CHECK(entry_same(*pte_lookup(&mm, START), read_only) && page_count(old) == 2,
	      "everything is as it was");
}

/* Another CPU does this while this one has dropped the lock. */
static void (*meanwhile)(void);
static unsigned changes;

static void change_once(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_fault_unlocked && !changes++)
		meanwhile();
}

static void zap_it(void)
{
	zap_page_range(&mm, START, START + PAGE_SIZE);
}

static void fill_it(void)
{
	map_frame(&mm, START, ZONE_DIRECT);
}

/* The entry changed between the two looks, so nothing is done, and nothing leaks. */
static void test_changed(void)
{
	u32 frames;

	shared_page();
	get_page(old);
	frames = zone_free_frames();
	changes = 0;
	meanwhile = zap_it;
	race_hook = change_once;
	CHECK(result_at(START, FAULT_USER | FAULT_WRITE) == VM_FAULT_DONE && changes,
	      "zapped while the copy is made");
	CHECK(entry_none(*pte_lookup(&mm, START)) && page_count(old) == 1 &&
		      zone_free_frames() == frames,
	      "the copy is thrown away");
	put_page(old);
	changes = 0;
	meanwhile = fill_it;
	frames = zone_free_frames();
	CHECK(result_at(START, FAULT_USER | FAULT_WRITE) == VM_FAULT_DONE && changes,
	      "filled while the page is cleared");
	CHECK(zone_free_frames() == frames - 1, "only the other one's page is there");
}

/* --- in a space without mappings -------------------------------------------------------------- */

static bool fault_bare(pte_t pte, u32 cause)
{
	u32 frames;
	bool again;

	fresh();
	mm_switch(&mm);
	set_pte(pte_alloc(&mm, END), pte);
	frames = zone_free_frames();
	again = fault_at(END + 4, cause);
	CHECK(entry_same(*pte_lookup(&mm, END), pte) && zone_free_frames() == frames,
	      "the entry 0x%llx is left as it is, and no frame is taken",
	      (unsigned long long)entry_value(pte));
	return again;
}

static void test_spurious(void)
{
	const u32 store = FAULT_USER | FAULT_PROTECTION | FAULT_WRITE,
		  fetch = FAULT_USER | FAULT_PROTECTION | FAULT_EXEC, young = PTE_USER | PTE_YOUNG;

	CHECK(fault_bare(mk_pte(5, young | PTE_WRITE), store) &&
		      fault_bare(mk_pte(5, young), FAULT_USER | FAULT_PROTECTION) &&
		      fault_bare(mk_pte(5, young | PTE_EXEC), fetch),
	      "an entry that permits the access: a spurious fault, to be taken again");
	CHECK(fault_bare(mk_pte(5, young), FAULT_USER), "also if it said that nothing was there");
	CHECK(!fault_bare(mk_pte(5, young), store) &&
		      !fault_bare(mk_pte(5, young | PTE_WRITE), fetch) &&
		      !fault_bare(pte_modify(mk_pte(5, young), 0), FAULT_USER) &&
		      !fault_bare(PTE_NONE, FAULT_USER),
	      "one that does not: a real one");
	CHECK(!fault_bare(mk_pte(5, young | PTE_WRITE), store | FAULT_RESERVED) &&
		      !fault_bare(mk_pte(5, young | PTE_WRITE), FAULT_USER | FAULT_LIMIT),
	      "a reserved bit, or an address beyond the end: a real one");
	CHECK(!fault_at(START, FAULT_USER) && !fault_at(space_end, FAULT_USER),
	      "where there is no entry, and behind the end of user space: a real one");
	new_machine();
	fault_at(START, FAULT_USER | FAULT_WRITE);
	GUARD_OFF(spurious_fault);
	CHECK(!fault_at(START, FAULT_USER | FAULT_WRITE), "spurious_fault off: all are");
}

int main(void)
{
	test_fresh();
	test_again();
	test_lock();
	test_not_empty();
	test_spurious();
	test_by_turns();
	test_refused();
	test_rights();
	test_reuse();
	test_reuse_flushes_nothing();
	test_copy();
	test_copy_without_memory();
	test_changed();
	test_spurious();
	return tap_done();
}
