/* SPDX-License-Identifier: MIT */
/* arch/model/soft_tlb.c and refill.c, of the machine xpa: what a refill puts where, and what it
 * says of what it cannot mend. */
#include <asm/irq.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#include <stdio.h>
#include <stdlib.h>

#include "arch/mips/fill.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"
#include "kernel/hooks/guard.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/tap.h"
#include "tools/interleave/lab.h"

#define ALL (PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY)

static struct mm mm;
static vaddr_t va; /* even, of a pair */
static pte_t *ptep;
static struct model_cpu *const cpu = &model_cpu[0];
static struct fault fault;
static u32 value;

/* Loads a space with this pair of pages at va. */
static void space(pte_t even, pte_t odd)
{
	lab_reset(2);
	model_limit = NULL;
	if (!mm_create(&mm))
		abort();
	va = (vaddr_t)2 << PGDIR_SHIFT | PAGE_SIZE * 2;
	ptep = pte_alloc(&mm, va);
	mm_switch(&mm);
	ptep[0] = even;
	ptep[1] = odd;
	fault = (struct fault){0};
	value = 0;
}

static const struct translation *cached(vaddr_t where)
{
	const struct translation *slot = tlb_slot(cpu, where);

	return slot->valid && slot->va == where ? slot : NULL;
}

static bool holds(vaddr_t where, pte_t pte, bool writable)
{
	const struct translation *slot = cached(where);

	return slot && entry_pfn(slot->pte) == entry_pfn(pte) && slot->write == writable &&
	       slot->dirty == writable;
}

static void test_pairs(void)
{
	pte_t even = mk_pte(20, ALL), odd = mk_pte(21, PTE_USER | PTE_YOUNG),
	      high = mk_pte(MODEL_HIGH_PFN + 3, ALL);
	vaddr_t where;

	space(even, odd);
	*(u32 *)((u8 *)model_frame(20) + 8) = 77;
	CHECK(try_load(va + 8, &value, &fault) && value == 77, "a load");
	CHECK(holds(va, even, true) && holds(va + PAGE_SIZE, odd, false),
	      "fills both pages of the pair, each with its rights");
	CHECK(!tlb_unjustified(cpu, &where), "as its entries justify");
	space(even, odd);
	CHECK(try_load(va + PAGE_SIZE + 4, &value, &fault) && holds(va, even, true) &&
		      holds(va + PAGE_SIZE, odd, false),
	      "so does a miss at the odd page");
	CHECK(!cached(va - PAGE_SIZE) && !cached(va + 2 * PAGE_SIZE), "and nothing beside");
	space(high, ENTRY_NONE);
	*(u32 *)model_frame(MODEL_HIGH_PFN + 3) = 78;
	CHECK(try_load(va, &value, &fault) && value == 78 && holds(va, high, true),
	      "a frame above 4 GiB: both parts of its number");
	CHECK(!cached(va + PAGE_SIZE), "the other page of the pair is not there");
	/* the odd page goes away, and the pair is filled anew */
	space(even, odd);
	try_load(va, &value, &fault);
	ptep[1] = ENTRY_NONE;
	tlb_drop(cpu, va, va + PAGE_SIZE);
	CHECK(try_load(va, &value, &fault) && holds(va, even, true) && !cached(va + PAGE_SIZE),
	      "a pair replaces what the TLB had of both");
	/* an invalid pair takes no other pair's place */
	*tlb_slot(cpu, va + PAGE_SIZE + MODEL_TLB * PAGE_SIZE) = (struct translation){
		.valid = true, .va = va + PAGE_SIZE + MODEL_TLB * PAGE_SIZE, .pte = even};
	tlb_drop(cpu, va, va + PAGE_SIZE);
	try_load(va, &value, &fault);
	CHECK(cached(va + PAGE_SIZE + MODEL_TLB * PAGE_SIZE), "an invalid page makes no other go");
}

static void test_marks(void)
{
	space(mk_pte(20, PTE_USER | PTE_WRITE), ENTRY_NONE);
	CHECK(try_load(va, &value, &fault) &&
		      entry_same(ptep[0], mk_pte(20, PTE_USER | PTE_WRITE | PTE_YOUNG)),
	      "a load marks an entry young");
	CHECK(holds(va, ptep[0], false), "and it is cached as not to be written");
	CHECK(try_store(va + 12, 5, &fault) && entry_same(ptep[0], mk_pte(20, ALL)) &&
		      holds(va, ptep[0], true),
	      "a store marks it dirty");
	CHECK(((u32 *)model_frame(20))[3] == 5, "and stores");
	CHECK(fault.address == va + 12, "where it was asked to");
}

static bool faults(bool store, u32 cause)
{
	bool there = store ? try_store(va, 1, &fault) : try_load(va, &value, &fault);

	if (there || fault.cause != cause)
		printf("# %s, cause 0x%x\n", there ? "there" : "fault", fault.cause);
	return !there && fault.cause == cause && fault.address == va;
}

static void test_faults(void)
{
	space(ENTRY_NONE, mk_pte(20, ALL));
	CHECK(faults(false, 0) && faults(true, FAULT_WRITE) && !cached(va),
	      "a page that is not there");
	CHECK(!cached(va + PAGE_SIZE), "brings nothing of its pair");
	space(mk_pte(20, PTE_USER | PTE_YOUNG), ENTRY_NONE);
	CHECK(faults(true, FAULT_WRITE | FAULT_PROTECTION) && try_load(va, &value, &fault),
	      "a page that may only be read");
	CHECK(faults(true, FAULT_WRITE | FAULT_PROTECTION), "also if it is cached");
	space(pte_mkinvalid(mk_pte(20, ALL)), ENTRY_NONE);
	CHECK(faults(false, 0), "one that was made invalid");
	space(mk_pte(MODEL_FRAMES, ALL), ENTRY_NONE);
	CHECK(faults(false, FAULT_RESERVED | FAULT_PROTECTION), "a frame that is not there");
	space(mk_pte(20, ALL), ENTRY_NONE);
	va = USER_END;
	CHECK(faults(false, 0) && faults(true, FAULT_WRITE),
	      "the first address that is not the user's");
	va = USER_END - PAGE_SIZE;
	CHECK(faults(false, 0), "the last that is, with no table");
	va = (vaddr_t)2 << PGDIR_SHIFT | 1 << PMD_SHIFT;
	CHECK(faults(false, 0), "no table of ptes");
	pgd_load(pgd_kernel());
	va = (vaddr_t)2 << PGDIR_SHIFT | PAGE_SIZE * 2;
	CHECK(faults(false, 0), "no space");
}

static bool fetches(u32 *cause)
{
	bool made = user_run(va, 0, 0, 0, &value, &fault);

	*cause = fault.cause;
	return made;
}

/* XI is in the TLB, and no refill mends it. There is no page that is not the user's. */
static void test_user(void)
{
	vaddr_t where;
	u32 cause;

	space(mk_pte(20, PTE_WRITE | PTE_YOUNG | PTE_DIRTY), mk_pte(21, ALL | PTE_EXEC));
	*(u32 *)model_frame(20) = *(u32 *)model_frame(21) = USER_RETURN_WORD;
	CHECK(user_run(USER_CODE, 0, va, 0, &value, &fault) && value == USER_RETURN_WORD,
	      "a user's load of a page without the user's right");
	CHECK(!fetches(&cause) && cause == (FAULT_USER | FAULT_PROTECTION | FAULT_EXEC),
	      "a fetch that XI stops, with the translation in the TLB");
	tlb_drop(cpu, 0, ~0ul);
	CHECK(!fetches(&cause) && cause == (FAULT_USER | FAULT_PROTECTION | FAULT_EXEC) &&
		      cached(va),
	      "or after a refill");
	va += PAGE_SIZE;
	CHECK(fetches(&cause) && !tlb_unjustified(cpu, &where), "one that it does not");
	ptep[1] = mk_pte(21, ALL);
	CHECK(fetches(&cause) && tlb_unjustified(cpu, &where) && where == va,
	      "XI in the entry alone stops nothing, and the translation is not justified");
	va += PAGE_SIZE;
	CHECK(!fetches(&cause) && cause == (FAULT_USER | FAULT_EXEC), "a page that is not there");
}

/* The upper entries on the way to va. */
static entry_t *upper(unsigned level)
{
	entry_t *table = phys_to_virt(cpu->root);
	entry_t *ep = table + (va >> MODEL_BITS(2)) % PTRS_PER_PTE;

	if (level == 3)
		return ep;
	return (entry_t *)phys_to_virt(entry_table_pa(*ep)) + (va >> MODEL_BITS(1)) % PTRS_PER_PTE;
}

static void test_levels(void)
{
	pte_t pte = mk_pte(20, ALL);

	for (unsigned level = 2; level <= 3; level++) {
		space(pte, ENTRY_NONE);
		CHECK(entry_same(tlb_entry_now(cpu, va), pte), "the entry as it is now");
		upper(level)->word[OTHER_WORD] &= ~XPA_V;
		CHECK(faults(false, 0) && entry_none(tlb_entry_now(cpu, va)),
		      "an entry of level %u that the TLB may not use", level);
		upper(level)->word[OTHER_WORD] |= XPA_V;
		CHECK(entry_same(tlb_entry_now(cpu, va), pte), "or may");
		upper(level)->word[PRESENT_WORD] &= ~XPA_PRESENT;
		CHECK(faults(false, 0) && entry_none(tlb_entry_now(cpu, va)),
		      "one of level %u that is not present", level);
		space(pte, ENTRY_NONE);
		*upper(level) = xpa_table_entry(MODEL_FRAMES);
		CHECK(entry_none(tlb_entry_now(cpu, va)), "a table of level %u that no memory has",
		      level - 1);
	}
	space(pte, ENTRY_NONE);
	CHECK(entry_none(tlb_entry_now(cpu, va + PAGE_SIZE)), "another page has another entry");
	CHECK(tlb_entry_writable(pte) &&
		      !tlb_entry_writable(mk_pte(20, PTE_USER | PTE_WRITE | PTE_YOUNG)),
	      "to be written: what the TLB goes by");
	pgd_load(pgd_kernel());
	CHECK(entry_none(tlb_entry_now(cpu, va)), "of no space: none");
}

static bool irqs_seen, nmi_seen;
static unsigned looked;

static bool look(struct op *op)
{
	if (op->kind == OP_TLB_WRITE) {
		irqs_seen = !cpu->irqs_off;
		nmi_seen = cpu->in_nmi;
		looked++;
	}
	return false;
}

static void refill(void)
{
	tlb_drop(cpu, 0, ~0ul);
	looked = 0;
	model_submit = look;
	try_load(va, &value, &fault);
	model_submit = NULL;
}

static void test_exception_level(void)
{
	space(mk_pte(20, ALL), ENTRY_NONE);
	refill();
	CHECK(looked == 1 && !irqs_seen && nmi_seen, "nothing comes in while it fills");
	CHECK(irqs_enabled() && !cpu->in_nmi, "and everything afterwards");
	irq_disable();
	cpu->in_nmi = true;
	refill();
	CHECK(looked == 1 && !irqs_enabled() && cpu->in_nmi, "or what could come before");
	irq_enable();
	cpu->in_nmi = false;
	guard_off[GUARD_refill_irqs_off] = true;
	refill();
	CHECK(looked == 1 && irqs_seen && !nmi_seen, "with the guard off an interrupt may come");
	guard_off[GUARD_refill_irqs_off] = false;
}

static unsigned noted;
static u64 noted_at[8];

static void note(const struct model_cpu *by, const struct op *op)
{
	if (by == cpu && op->kind == OP_READ && op->size == sizeof(entry_t) && noted < 8)
		noted_at[noted++] = op->address;
}

static void test_notes(void)
{
	space(mk_pte(20, ALL), ENTRY_NONE);
	model_note = note;
	try_load(va, &value, &fault);
	model_note = NULL;
	CHECK(noted == 2 && noted_at[0] == (u64)upper(3) && noted_at[1] == (u64)upper(2),
	      "each upper entry is read once, from the top");
}

static void test_never_by_itself(void)
{
	vaddr_t page;

	space(mk_pte(20, ALL), ENTRY_NONE);
	CHECK(!fill_possible(cpu, 0, 1) && !fill_possible(cpu, 0, 4), "no entry is read unasked");
	CHECK(!fill_unjustified(cpu, &page), "and so no place is left behind");
}

int main(void)
{
	test_never_by_itself();
	test_pairs();
	test_marks();
	test_faults();
	test_user();
	test_levels();
	test_exception_level();
	test_notes();
	return tap_done();
}
