/* SPDX-License-Identifier: MIT */
/* arch/model/filling.c, hw_walker.c and tlb.c: a TLB that fills by itself, one entry at a time,
 * and what it may still have got to. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/model/model.h"
#include "arch/model/walker.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/tap.h"
#include "tools/interleave/lab.h"

#define LEVELS 4u
#define ALL    (PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY)

static struct mm mm;
static vaddr_t va;
static pte_t *ptep;
static struct model_cpu *const cpu = &model_cpu[0];
static vaddr_t where;

/* Loads a space with a mapping at va, an address the hardware may translate by itself. */
static void space(pte_t pte)
{
	lab_reset(2);
	model_limit = NULL;
	if (!mm_create(&mm))
		abort();
	va = (vaddr_t)1 << PGDIR_SHIFT | (vaddr_t)2 << PUD_SHIFT | (vaddr_t)3 << PMD_SHIFT |
	     PAGE_SIZE;
	ptep = pte_alloc(&mm, va);
	mm_switch(&mm);
	*ptep = pte;
	model_filling = true;
	model_nr_filled = 1;
	memset(model_filled, 0, sizeof(model_filled));
	model_filled[0] = va;
}

/* Returns the entry of a level on the way to va. */
static entry_t *entry_at(unsigned level)
{
	paddr_t table = cpu->root;

	for (unsigned at = LEVELS;; at--) {
		entry_t *ep = (entry_t *)phys_to_virt(table) + (va >> MODEL_BITS(at - 1)) % 4;

		if (at == level)
			return ep;
		table = entry_table_pa(*ep);
	}
}

/* Returns the frame of the table of a level. */
static pfn_t table_at(unsigned level)
{
	return (pfn_t)(virt_to_phys(entry_at(level)) >> PAGE_SHIFT);
}

/* Returns a digit for each level that can be filled, from the top. */
static const char *possible(unsigned address)
{
	static char text[8];
	unsigned n = 0;

	for (unsigned level = MODEL_UPPERS + 1; level; level--)
		if (fill_possible(cpu, address, level))
			text[n++] = (char)('0' + level);
	text[n] = 0;
	return text;
}

static bool can(const char *levels)
{
	const char *text = possible(0);

	if (strcmp(text, levels))
		printf("# can: %s\n", text);
	return !strcmp(text, levels);
}

static unsigned noted;
static struct op note_of;

static void note(const struct model_cpu *by, const struct op *op)
{
	noted += by == cpu;
	note_of = *op;
}

/* Fills down to the pte's table. */
static void fill_uppers(void)
{
	for (unsigned level = LEVELS; level > 1; level--)
		fill_step(cpu, 0, level);
}

static void test_steps(void)
{
	space(mk_pte(20, PTE_USER | PTE_WRITE));
	CHECK(can("4"), "it begins at the top");
	model_note = note;
	for (unsigned level = LEVELS; level > 1; level--) {
		entry_t *ep = entry_at(level);

		noted = 0;
		CHECK(fill_step(cpu, 0, level) == table_at(level), "level %u: reads in its table",
		      level);
		CHECK(cpu->halfway[0].table[level - 2] == table_at(level - 1) + 1,
		      "and has got to the next");
		CHECK(noted == 1 && note_of.address == (u64)ep && note_of.kind == OP_READ &&
			      note_of.size == 8 && note_of.order == MODEL_FULL,
		      "by one read of the whole entry");
		CHECK(can((const char *[]){"", "", "1", "2", "3"}[level]), "only the next is left");
		CHECK(!fill_unjustified(cpu, &where), "as the tables say");
	}
	noted = 0;
	CHECK(fill_step(cpu, 0, 1) == table_at(1) && can(""), "then it is there");
	CHECK(noted == 2 && note_of.kind == OP_RMW && note_of.rmw == RMW_OR &&
		      note_of.value == MODEL_A && note_of.address == (u64)ptep,
	      "and has marked the entry");
	model_note = NULL;
	CHECK(entry_same(*ptep, mk_pte(20, PTE_USER | PTE_WRITE | PTE_YOUNG)) &&
		      tlb_slot(cpu, va)->valid && entry_same(tlb_slot(cpu, va)->pte, *ptep),
	      "young, not dirty: nobody stores");
	CHECK(tlb_slot(cpu, va)->write && !tlb_slot(cpu, va)->dirty, "with its rights");
	CHECK(!tlb_unjustified(cpu, &where), "as the tables say");
}

static void test_impossible(void)
{
	space(mk_pte(20, ALL));
	CHECK(!fill_possible(cpu, 0, 5), "no level above the top");
	pgd_load(pgd_kernel());
	CHECK(can(""), "nothing without a space");
	for (unsigned level = LEVELS; level; level--) {
		entry_t was;

		space(mk_pte(20, ALL));
		for (unsigned at = LEVELS; at > level; at--)
			fill_step(cpu, 0, at);
		was = *entry_at(level);
		CHECK(fill_possible(cpu, 0, level), "an entry of level %u", level);
		*entry_at(level) = entry_from_value(entry_value(was) & ~(u64)MODEL_P);
		CHECK(can(""), "not if the hardware may not use it");
	}
	space(mk_pte(20, ALL));
	model_filled[0] = 1ul << MODEL_BITS(LEVELS);
	CHECK(can(""), "an address that the space does not reach");
	model_filled[0] = (1ul << MODEL_BITS(LEVELS)) - PAGE_SIZE;
	*((entry_t *)phys_to_virt(cpu->root) + 3) = *entry_at(LEVELS);
	CHECK(can("4"), "the last that it does");
	space(mk_pte(20, ALL));
	*entry_at(3) = mk_pud(MODEL_FRAMES);
	fill_step(cpu, 0, 4);
	CHECK(can("3"), "an entry that leads to no memory");
	fill_step(cpu, 0, 3);
	CHECK(can(""), "leads nowhere");
}

static void test_unjustified(void)
{
	for (unsigned level = 2; level <= LEVELS; level++) {
		entry_t was;

		space(mk_pte(20, ALL));
		fill_uppers();
		was = *entry_at(level);
		*entry_at(level) = entry_from_value(entry_value(was) + (1ull << PAGE_SHIFT));
		where = 0;
		CHECK(fill_unjustified(cpu, &where) && where == va,
		      "another table of level %u is on the way now", level - 1);
		*entry_at(level) = entry_from_value(entry_value(was) & ~(u64)MODEL_P);
		CHECK(fill_unjustified(cpu, &where), "or none");
		*entry_at(level) = was;
		CHECK(!fill_unjustified(cpu, &where), "or the same again");
	}
	space(mk_pte(20, ALL));
	model_nr_filled = 2;
	model_filled[1] = va + PAGE_SIZE;
	cpu->halfway[1].table[0] = 9;
	CHECK(fill_unjustified(cpu, &where) && where == va + PAGE_SIZE,
	      "the second of two addresses");
	model_nr_filled = 1;
	CHECK(!fill_unjustified(cpu, &where), "which is none of them");
}

static void test_flush(void)
{
	space(mk_pte(20, ALL));
	fill_uppers();
	fill_step(cpu, 0, 1);
	tlb_drop(cpu, va + PAGE_SIZE, va + 2 * PAGE_SIZE);
	CHECK(tlb_slot(cpu, va)->valid && can("4"),
	      "a flush of one page forgets all ways, and no other page");
	fill_uppers();
	CHECK(can(""), "which are found again, to a translation that is there");
	tlb_drop(cpu, va, va + PAGE_SIZE);
	CHECK(!tlb_slot(cpu, va)->valid && can("4"), "its own forgets both");
	fill_uppers();
	fill_step(cpu, 0, 1);
	tlb_drop(cpu, va - PAGE_SIZE, va);
	CHECK(tlb_slot(cpu, va)->valid, "the range before it ends before it");
	pgd_load(cpu->root);
	CHECK(!tlb_slot(cpu, va)->valid && can("4"), "a load of the root forgets all");
}

/* --- the hardware's walk ---------------------------------------------------------------------- */

static struct fault fault;
static u32 value;

static bool faults(vaddr_t at, bool store, u32 cause)
{
	bool there;

	fault = (struct fault){0};
	there = store ? try_store(at, 1, &fault) : try_load(at, &value, &fault);
	if (there || fault.cause != cause)
		printf("# %s, cause 0x%x\n", there ? "there" : "fault", fault.cause);
	return !there && fault.cause == cause && fault.address == at;
}

static void test_walk(void)
{
	space(mk_pte(20, ALL));
	*(u32 *)((u8 *)model_frame(20) + 60) = 5;
	CHECK(try_load(va + 60, &value, &fault) && value == 5, "the last word of a page");
	for (unsigned level = LEVELS; level; level--) {
		space(mk_pte(20, ALL));
		*entry_at(level) = entry_from_value(entry_value(*entry_at(level)) & ~(u64)MODEL_P);
		CHECK(faults(va, false, 0) && faults(va, true, 0),
		      "an entry of level %u that the hardware may not use", level);
		CHECK(entry_none(tlb_entry_now(cpu, va)), "there is none now");
		for (unsigned table = 1; table < LEVELS; table++)
			CHECK(tlb_table_now(cpu->root, va, table) ==
				      (table < level ? 0 : table_at(table) + 1),
			      "and of the way the table of level %u", table);
	}
	space(mk_pte(20, ALL));
	CHECK(tlb_levels(cpu->root) == LEVELS, "four levels");
	CHECK(faults(4ul << PGDIR_SHIFT, false, FAULT_LIMIT) &&
		      faults((4ul << PGDIR_SHIFT) - PAGE_SIZE, false, 0),
	      "what the root does not reach");
	space(entry_from_value(entry_value(mk_pte(20, ALL)) | 1ull << 38));
	CHECK(faults(va, false, FAULT_RESERVED | FAULT_PROTECTION), "the lowest reserved bit");
	space(entry_from_value(entry_value(mk_pte(20, ALL)) | 1ull << 58));
	CHECK(faults(va, false, FAULT_RESERVED | FAULT_PROTECTION), "the highest");
	space(entry_from_value(entry_value(mk_pte(20, ALL)) | 1ull << 59));
	CHECK(try_load(va, &value, &fault), "and what is none");
	space(mk_pte(20, PTE_USER | PTE_YOUNG));
	CHECK(faults(va, true, FAULT_PROTECTION | FAULT_WRITE) && try_load(va, &value, &fault),
	      "a page that may only be read");
	CHECK(!tlb_slot(cpu, va)->write && faults(va, true, FAULT_PROTECTION | FAULT_WRITE),
	      "also if it is cached");
	*ptep = mk_pte(20, PTE_USER | PTE_WRITE);
	CHECK(try_store(va, 1, &fault) && entry_same(*ptep, mk_pte(20, ALL)),
	      "a store looks at the entry again, and marks it both");
	CHECK(tlb_slot(cpu, va)->write && tlb_slot(cpu, va)->dirty, "as it is then cached");
	space(mk_pte(MODEL_FRAMES - 1, ALL));
	CHECK(try_load(va, &value, &fault), "the last frame");
	space(mk_pte(MODEL_FRAMES, ALL));
	CHECK(faults(va, false, FAULT_RESERVED | FAULT_PROTECTION), "the one behind it");
	space(mk_pte(MODEL_HIGH_PFN + MODEL_FRAMES, ALL));
	CHECK(faults(va, false, FAULT_RESERVED | FAULT_PROTECTION), "and behind the high ones");
	space(mk_pte(MODEL_HIGH_PFN - 1, ALL));
	CHECK(faults(va, false, FAULT_RESERVED | FAULT_PROTECTION), "or before");
}

static bool unjustified_by(pte_t now)
{
	*ptep = now;
	where = 0;
	return tlb_unjustified(cpu, &where) && where == va;
}

static void test_justified(void)
{
	space(mk_pte(20, ALL));
	try_store(va, 1, &fault);
	CHECK(!unjustified_by(mk_pte(20, ALL)), "a translation that is as its entry");
	CHECK(!unjustified_by(mk_pte(20, ALL | PTE_EXEC)), "or has fewer rights");
	CHECK(unjustified_by(ENTRY_NONE) && unjustified_by(pte_mkinvalid(mk_pte(20, ALL))),
	      "its entry is gone");
	CHECK(unjustified_by(mk_pte(21, ALL)), "names another frame");
	CHECK(unjustified_by(mk_pte(20, ALL & ~PTE_WRITE)), "may not be written");
	CHECK(unjustified_by(mk_pte(20, ALL & ~PTE_DIRTY)), "or is not dirty");
	space(mk_pte(20, PTE_USER | PTE_YOUNG));
	try_load(va, &value, &fault);
	CHECK(!unjustified_by(mk_pte(20, ALL)) && !unjustified_by(mk_pte(20, PTE_USER)),
	      "of a translation to read by only the frame counts");
	cpu->tlb[MODEL_TLB - 1] =
		(struct translation){.valid = true, .va = va + PAGE_SIZE, .pte = mk_pte(3, ALL)};
	CHECK(tlb_unjustified(cpu, &where) && where == va + PAGE_SIZE,
	      "the last of the TLB is looked at");
	cpu->tlb[MODEL_TLB - 1].valid = false;
	CHECK(!tlb_unjustified(cpu, &where), "if it is valid");
}

int main(void)
{
	test_steps();
	test_impossible();
	test_unjustified();
	test_flush();
	test_walk();
	test_justified();
	return tap_done();
}
