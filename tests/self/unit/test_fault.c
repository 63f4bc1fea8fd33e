/* SPDX-License-Identifier: MIT */
/* mm/fault/fault.c: anonymous memory. */
#include <asm/trap.h>

#include <string.h>

#include "kernel/hooks/upcalls.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

#define START 0x100ul
#define END   0x200ul

static struct mm mm;

static void new_machine(void)
{
	machine_reset();
	assert(mm_create(&mm));
	mm.anon_start = START;
	mm.anon_end = END;
	mm_switch(&mm);
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

/* A slot that is not empty, and whether the access can be made through it. */
static bool fault_on(pte_t pte, u32 cause)
{
	u32 frames;
	bool again;

	new_machine();
	spin_lock(&mm.page_table_lock);
	set_pte(pte_alloc(&mm, START), pte);
	spin_unlock(&mm.page_table_lock);
	frames = zone_free_frames();
	again = fault_at(START, cause);
	CHECK(entry_same(*pte_lookup(&mm, START), pte) && zone_free_frames() == frames,
	      "the entry 0x%llx is left as it is", (unsigned long long)entry_value(pte));
	return again;
}

static unsigned tries(void)
{
	unsigned n = 0;

	while (n < 100000 && fault_at(START, FAULT_USER | FAULT_WRITE))
		n++;
	return n;
}

/* The slot is looked at and filled under the lock, the frame is taken and cleared outside of it. */
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
	NAME_STEP(mm.page_table_lock.owner, "lock");
	NAME_STEP(page->count, "count");
	NAME_STEP(ptep->word[PRESENT_WORD], "present");
	NAME_STEP(ptep->word[OTHER_WORD], "other");
	NAME_VALUE(user_pte(page).word[PRESENT_WORD], "low");
	NAME_VALUE(user_pte(page).word[OTHER_WORD], "high");
	STEPS(fault_at(START, FAULT_USER),
	      "R count; W count=1; R lock; Xf lock cmpxchg 1; R present; R other; "
	      "W other=high; mb; mb; wmb; W present=low; mb; mb; Wr lock=0",
	      "a first touch");
	STEPS(fault_at(START, FAULT_USER),
	      "R lock; Xf lock cmpxchg 1; R present; R other; Wr lock=0", "a second one");
}

static void test_not_empty(void)
{
	pte_t whole = mk_pte(5, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
	unsigned n;

	CHECK(!fault_on(mk_swap(1, 2), FAULT_USER),
	      "a swap entry: a real fault, not an endless loop");
	CHECK(!fault_on(pte_mkinvalid(whole), FAULT_USER), "an invalidated entry: a real fault");
	CHECK(!fault_on(mk_pte(5, PTE_USER | PTE_YOUNG), FAULT_USER | FAULT_WRITE),
	      "a store, and an entry that is not writable: a real fault");
	CHECK(!fault_on(mk_pte(5, PTE_YOUNG), FAULT_USER),
	      "an entry that is not the user's: a real fault");
	CHECK(fault_on(whole, FAULT_USER | FAULT_WRITE),
	      "one that lets the store through: try again");
	n = tries();
	CHECK(n > 900 && n < 1000, "but not for ever: %u times more", n);
	CHECK(strstr(model_console, "access to 0x100 faults") &&
		      strstr(model_console, "ev=warning"),
	      "a warning names the address");
	n = tries();
	CHECK(n == 1000, "and then the count begins again: %u times", n);
}

/* Outside the anonymous range, where a test maps what it wants. */
static bool fault_beside(pte_t pte, u32 cause)
{
	struct fault fault = {.address = END + 4, .cause = cause};
	u32 frames;
	bool again;

	new_machine();
	spin_lock(&mm.page_table_lock);
	set_pte(pte_alloc(&mm, END), pte);
	spin_unlock(&mm.page_table_lock);
	frames = zone_free_frames();
	again = mm_fault(&fault);
	CHECK(entry_same(*pte_lookup(&mm, END), pte) && zone_free_frames() == frames,
	      "the entry 0x%llx is left as it is, and no frame is taken",
	      (unsigned long long)entry_value(pte));
	return again;
}

static void test_spurious(void)
{
	const u32 store = FAULT_USER | FAULT_PROTECTION | FAULT_WRITE,
		  fetch = FAULT_USER | FAULT_PROTECTION | FAULT_EXEC, young = PTE_USER | PTE_YOUNG;
	struct fault fault = {.address = START, .cause = store};

	CHECK(fault_beside(mk_pte(5, young | PTE_WRITE), store) &&
		      fault_beside(mk_pte(5, young), FAULT_USER | FAULT_PROTECTION) &&
		      fault_beside(mk_pte(5, young | PTE_EXEC), fetch),
	      "an entry that permits the access: a spurious fault, to be taken again");
	CHECK(fault_beside(mk_pte(5, young), FAULT_USER), "also if it said that nothing was there");
	CHECK(!fault_beside(mk_pte(5, young), store) &&
		      !fault_beside(mk_pte(5, young | PTE_WRITE), fetch) &&
		      !fault_beside(pte_modify(mk_pte(5, young), 0), FAULT_USER),
	      "one that does not: a real one");
	CHECK(!fault_beside(mk_pte(5, young | PTE_WRITE), store | FAULT_RESERVED) &&
		      !fault_beside(mk_pte(5, young | PTE_WRITE), FAULT_USER | FAULT_LIMIT),
	      "a reserved bit, or an address beyond the end: a real one");
	new_machine();
	GUARD_OFF(spurious_fault);
	fault_at(START, FAULT_USER);
	CHECK(!fault_at(START, FAULT_USER | FAULT_WRITE) && !mm_fault(&fault),
	      "spurious_fault off: all are");
	new_machine();
	fault.address = user_end(mm.pgd);
	CHECK(!mm_fault(&fault), "behind the end of user space: a real one");
}

/* Faults at two addresses by turns, and on two CPUs: neither is the other's retry. */
static void test_by_turns(void)
{
	bool again = true, other = true;

	new_machine();
	for (unsigned i = 0; i < 3000; i++) {
		again = again && fault_at(START, FAULT_USER);
		again = again && fault_at(START + PAGE_SIZE, FAULT_USER);
	}
	CHECK(again, "faults at two addresses by turns are no loop");
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
	frames = zone_free_frames();
	CHECK(!fault_at(START - 1, FAULT_USER) && !fault_at(END, FAULT_USER) &&
		      !fault_at(~0ul, FAULT_USER),
	      "outside the anonymous range: a real fault");
	CHECK(!fault_at(START, FAULT_USER | FAULT_PROTECTION) &&
		      !fault_at(START, FAULT_USER | FAULT_RESERVED) &&
		      !fault_at(START, FAULT_USER | FAULT_EXEC),
	      "protection, reserved bits, execution: a real fault");
	CHECK(zone_free_frames() == frames, "no frame was taken");
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(!fault_at(START, FAULT_USER), "no frame left: a real fault");
	mm_switch(NULL);
	CHECK(!fault_at(START, FAULT_USER), "no space loaded: a real fault");
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
	return tap_done();
}
