/* SPDX-License-Identifier: MIT */
/* Tests the zero page of mm/page/zero.h. Loads map it without a reference, and nothing makes an
 * entry of it writable. */
#include <string.h>

#include "kernel/hooks/upcalls.h"
#include "mm/fault/vm_fault.h"
#include "mm/gup/gup.h"
#include "tests/self/unit/mappings.h"

#define START AT(0)

static struct mm child;

/* Frames given back are full of poison, so that no fresh one is clear by chance. */
static void new_machine(void)
{
	struct page *page[8];

	fresh();
	for (unsigned i = 0; i < ARRAY_SIZE(page); i++)
		page[i] = new_frame(ZONE_DIRECT);
	for (unsigned i = 0; i < ARRAY_SIZE(page); i++)
		put_page(page[i]);
	assert(map(0, 4, RW) == START);
	mm_switch(&mm);
	load_on(1, &mm);
}

static enum vm_fault_result touch(struct mm *of, unsigned at, u32 cause)
{
	struct fault fault = {.address = AT(at), .cause = FAULT_USER | cause};

	return handle_mm_fault(of, &fault);
}

static pte_t entry(struct mm *of, unsigned at)
{
	pte_t *ptep = pte_lookup(of, AT(at));

	return ptep ? entry_read(ptep) : PTE_NONE;
}

/* The entry names the zero page, and lets a program load and not store. */
static bool is_zero(struct mm *of, unsigned at)
{
	pte_t pte = entry(of, at);

	return entry_present(pte) && is_zero_pfn(entry_pfn(pte)) &&
	       pte_access_permitted(pte, false) && !pte_access_permitted(pte, true) &&
	       !pte_dirty(pte);
}

/* The entry names a page of its own that lets a program store. */
static bool is_own(struct mm *of, unsigned at)
{
	pte_t pte = entry(of, at);

	return entry_present(pte) && !is_zero_pfn(entry_pfn(pte)) &&
	       pte_access_permitted(pte, true) && pte_dirty(pte) &&
	       page_count(pfn_to_page(entry_pfn(pte))) == 1;
}

static bool holds_zeros(pfn_t pfn)
{
	const u32 *word = page_map(pfn, WINDOW_A);
	unsigned i = 0;

	while (i < PAGE_SIZE / sizeof(*word) && !word[i])
		i++;
	return i == PAGE_SIZE / sizeof(*word);
}

/* What must be true whatever happens. */
static bool untouched(void)
{
	return !page_count(pfn_to_page(zero_pfn)) && holds_zeros(zero_pfn) &&
	       !alloc_page_at(zero_pfn);
}

static void test_load(void)
{
	u32 frames;

	new_machine();
	map(4, 1, PROT_READ);
	map(5, 1, PROT_READ | PROT_EXEC);
	touch(&mm, 3, FAULT_WRITE);
	for (unsigned at = 0; at <= 5; at++)
		pte_alloc(&mm, AT(at));
	frames = zone_free_frames();
	CHECK(touch(&mm, 0, 0) == VM_FAULT_DONE && is_zero(&mm, 0), "a load maps the zero page");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && is_zero(&mm, 1) && is_zero(&mm, 0),
	      "and another one maps it again");
	CHECK(touch(&mm, 4, 0) == VM_FAULT_DONE && is_zero(&mm, 4), "in a read-only mapping too");
	CHECK(touch(&mm, 5, FAULT_EXEC) == VM_FAULT_DONE && is_zero(&mm, 5) &&
		      pte_exec(entry(&mm, 5)),
	      "a fetch maps it to be executed");
	CHECK(zone_free_frames() == frames && untouched(), "no frame is taken, and no reference");
	CHECK(is_own(&mm, 3), "where the first touch is a store, it never was");
}

static unsigned flushes_at_set, flushes_before;

static void count_flushes(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_set_done)
		flushes_at_set = model_flushes[1].count - flushes_before;
}

static void store_after_load(void)
{
	touch(&mm, 0, 0);
	flushes_before = model_flushes[1].count;
	flushes_at_set = 99;
	race_hook = count_flushes;
	CHECK(touch(&mm, 0, FAULT_WRITE | FAULT_PROTECTION) == VM_FAULT_DONE && is_own(&mm, 0) &&
		      holds_zeros(entry_pfn(entry(&mm, 0))),
	      "a store replaces it by a cleared page");
	race_hook = NULL;
}

static void test_store(void)
{
	u32 frames;

	new_machine();
	touch(&mm, 0, 0);
	frames = zone_free_frames();
	store_after_load();
	CHECK(CAP_BROADCAST_FLUSH || flushes_at_set == 1,
	      "another CPU has flushed before the new entry stands: %u", flushes_at_set);
	CHECK(zone_free_frames() == frames - 1 && untouched(), "one frame is taken");
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE && is_own(&mm, 0) &&
		      zone_free_frames() == frames - 1,
	      "the next store finds that page");
	new_machine();
	GUARD_OFF(flush_before_set);
	store_after_load();
	CHECK(CAP_BROADCAST_FLUSH || !flushes_at_set, "flush_before_set off: it has not");
}

/* No change of rights lets a program store to the zero page. */
static void change_rights(u8 protect)
{
	new_machine();
	choice_value[CHOICE_protect] = protect;
	map(4, 1, PROT_READ);
	touch(&mm, 0, 0);
	touch(&mm, 4, 0);
	assert(!do_mprotect(&mm, AT(0), PAGE_SIZE, PROT_READ));
	CHECK(is_zero(&mm, 0), "mprotect(PROT_READ)");
	assert(!do_mprotect(&mm, AT(0), PAGE_SIZE, RW));
	CHECK(is_zero(&mm, 0), "and back to PROT_WRITE: read-only as before");
	assert(!do_mprotect(&mm, AT(4), PAGE_SIZE, RW));
	CHECK(is_zero(&mm, 4), "nor is it writable if the mapping becomes so");
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE && is_own(&mm, 0) &&
		      touch(&mm, 4, FAULT_WRITE) == VM_FAULT_DONE && is_own(&mm, 4),
	      "stores there get pages of their own");
	CHECK(untouched(), "and the zero page is what it was");
}

static void test_rights(void)
{
	change_rights(VALUE_protect_in_place);
	change_rights(VALUE_protect_clear_set);
	new_machine();
	touch(&mm, 0, 0);
	assert(!do_mprotect(&mm, AT(0), PAGE_SIZE, PROT_NONE));
	CHECK(!pte_access_permitted(entry(&mm, 0), false) && touch(&mm, 0, 0) == VM_FAULT_SIGSEGV,
	      "mprotect(PROT_NONE): no load goes through");
	assert(!do_mprotect(&mm, AT(0), PAGE_SIZE, RW));
	CHECK(is_zero(&mm, 0), "and back");
}

static void test_fork(void)
{
	u32 frames;

	new_machine();
	touch(&mm, 0, 0);
	touch(&mm, 1, 0);
	frames = zone_free_frames();
	assert(!dup_mm(&child, &mm));
	CHECK(is_zero(&mm, 0) && is_zero(&child, 0) && untouched(),
	      "a child has the zero page too, and no reference");
	CHECK(touch(&child, 0, FAULT_WRITE) == VM_FAULT_DONE && is_own(&child, 0) &&
		      is_zero(&mm, 0),
	      "its store gets a page of its own");
	CHECK(touch(&child, 2, 0) == VM_FAULT_DONE && is_zero(&child, 2) &&
		      entry_none(entry(&mm, 2)),
	      "and its load of a page that its parent does not have is its own");
	mm_destroy(&child);
	CHECK(zone_free_frames() == frames && untouched(), "its end takes only that page");
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE && is_own(&mm, 0) && untouched(),
	      "the parent is alone now, and still does not use the zero page on");
}

static void test_zap(void)
{
	u32 frames;

	new_machine();
	touch(&mm, 3, FAULT_WRITE);
	frames = zone_free_frames();
	touch(&mm, 0, 0);
	touch(&mm, 1, 0);
	flushes_before = model_flushes[1].count;
	assert(!do_madvise(&mm, AT(0), PAGE_SIZE, MADV_DONTNEED));
	CHECK(entry_none(entry(&mm, 0)) && untouched() && zone_free_frames() == frames,
	      "MADV_DONTNEED takes the entry, and gives nothing back");
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes_before + 1,
	      "but every CPU has flushed it");
	assert(!do_munmap(&mm, AT(0), PAGES(2)));
	CHECK(untouched() && zone_free_frames() == frames, "nor does munmap()");
	touch(&mm, 2, 0);
	mm_switch(NULL);
	AS_CPU(1, mm_switch(NULL));
	mm_destroy(&mm);
	CHECK(untouched(), "nor the end of the space");
}

static void test_without_memory(void)
{
	pte_t before;

	new_machine();
	touch(&mm, 0, 0);
	before = entry(&mm, 0);
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_OOM && entry_same(entry(&mm, 0), before) &&
		      untouched(),
	      "no memory for a store: the entry stays");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && is_zero(&mm, 1), "a load needs none");
	CHECK(touch(&mm, 2, FAULT_WRITE) == VM_FAULT_OOM && entry_none(entry(&mm, 2)),
	      "but a store to an empty slot does");
}

/* --- another CPU is faster -------------------------------------------------------------------- */

static void (*meanwhile)(void);

static void change_once(const struct race_site *site, u64 value)
{
	void (*change)(void) = meanwhile;

	(void)value;
	if (site->point != RACE_fault_unlocked || !change)
		return;
	meanwhile = NULL;
	change();
}

static void store_here(void)
{
	touch(&mm, 0, FAULT_WRITE);
}

static void load_here(void)
{
	touch(&mm, 0, 0);
}

static void zap_here(void)
{
	zap_page_range(&mm, START, START + PAGE_SIZE);
}

static void race_with(void (*change)(void), u32 cause)
{
	meanwhile = change;
	race_hook = change_once;
	CHECK(touch(&mm, 0, cause) == VM_FAULT_DONE && !meanwhile, "a fault is overtaken");
	race_hook = NULL;
}

static void test_overtaken(void)
{
	u32 frames;

	new_machine();
	touch(&mm, 3, FAULT_WRITE);
	frames = zone_free_frames();
	race_with(store_here, 0);
	CHECK(is_own(&mm, 0) && zone_free_frames() == frames - 1,
	      "a load, by a store: the page stays");
	zap_here();
	race_with(load_here, FAULT_WRITE);
	CHECK(is_zero(&mm, 0) && zone_free_frames() == frames,
	      "a store, by a load: the zero page is there, and the fresh one goes back");
	race_with(store_here, FAULT_WRITE);
	CHECK(is_own(&mm, 0) && zone_free_frames() == frames - 1,
	      "a store to the zero page, by a store: one page");
	zap_here();
	load_here();
	race_with(zap_here, FAULT_WRITE);
	CHECK(entry_none(entry(&mm, 0)) && zone_free_frames() == frames, "or by a zap: none");
	CHECK(untouched(), "and the zero page is what it was");
}

static void test_gup(void)
{
	struct page *page = NULL;

	new_machine();
	touch(&mm, 0, 0);
	CHECK(!gup_fast(START, 1, 0, &page) && !gup_fast(START, 1, FOLL_WRITE, &page) && !page &&
		      untouched(),
	      "gup_fast() takes no reference on it");
	touch(&mm, 0, FAULT_WRITE);
	CHECK(gup_fast(START, 1, 0, &page) == 1 && page == pfn_to_page(entry_pfn(entry(&mm, 0))),
	      "but on the page in its place");
}

static void test_init(void)
{
	machine_reset();
	CHECK(PANICS(zero_page_init(1)) && panic_says("assertion failed"),
	      "a frame that a zone gives out cannot be the zero page");
	machine_reset();
	CHECK(PANICS(zero_page_init(MODEL_FRAMES)), "nor can one that is in none");
}

int main(void)
{
	test_load();
	test_store();
	test_rights();
	test_fork();
	test_zap();
	test_without_memory();
	test_overtaken();
	test_gup();
	test_init();
	return tap_done();
}
