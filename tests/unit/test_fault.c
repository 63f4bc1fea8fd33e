/* SPDX-License-Identifier: MIT */
/* mm/fault.c: anonymous memory. */
#include <asm/trap.h>

#include "kernel/calls.h"
#include "mm/pgtable.h"
#include "tests/unit/machine.h"
#include "tests/unit/tap.h"

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
	test_refused();
	return tap_done();
}
