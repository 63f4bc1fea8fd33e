/* SPDX-License-Identifier: MIT */
/* mm/table/rights.c on the machine xpa, where no access reaches both words of an entry: which word
 * changes first, and what a TLB handler marks meanwhile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/model/model.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"
#include "tests/self/unit/tap.h"
#include "tools/interleave/lab.h"

#define ALL (PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY)

static struct mm mm;
static vaddr_t va;
static pte_t *ptep;
static char steps[400];
static u32 mark_low, mark_high; /* by a handler, when the entry is about to change */

/* "L" and "H": the words; "=": a compare-exchange, "W": a store; else a read. */
static bool see(struct op *op)
{
	if (op->address != (u64)&ptep->word[0] && op->address != (u64)&ptep->word[1])
		return false;
	strcat(steps, op->kind == OP_RMW ? "=" : op->kind == OP_WRITE ? "W" : "");
	strcat(steps, op->address == (u64)&ptep->word[PRESENT_WORD] ? "L " : "H ");
	return false;
}

static void handler_marks(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != RACE_rights_changing)
		return;
	ptep->word[PRESENT_WORD] |= mark_low;
	ptep->word[OTHER_WORD] |= mark_high;
	mark_low = mark_high = 0;
}

/* The entry of va, and what is marked in it at its first change. */
static void space(pte_t pte, u32 low, u32 high)
{
	lab_reset(2);
	if (!mm_create(&mm))
		abort();
	va = (vaddr_t)2 << PGDIR_SHIFT;
	ptep = pte_alloc(&mm, va);
	*ptep = pte;
	steps[0] = 0;
	mark_low = low;
	mark_high = high;
	race_hook = handler_marks;
	model_submit = see;
}

static bool did(const char *expected, pte_t left)
{
	model_submit = NULL;
	race_hook = NULL;
	guard_off[GUARD_wrprotect_software_first] = guard_off[GUARD_rights_exchange] = 0;
	if (strcmp(steps, expected))
		printf("# %s\n", steps);
	return !strcmp(steps, expected) && entry_same(*ptep, left);
}

static void test_order(void)
{
	const pte_t all = mk_pte(20, ALL), readable = mk_pte(20, ALL & ~PTE_WRITE);

	space(all, 0, 0);
	ptep_set_wrprotect(&mm, va, ptep);
	CHECK(did("L H =L H L =H ", readable), "software's word first, then the TLB's");
	space(readable, 0, 0);
	ptep_set_write(&mm, va, ptep);
	CHECK(did("L H =L H L =H ", all), "also when a right is given");
	space(all, 0, 0);
	guard_off[GUARD_wrprotect_software_first] = 1;
	ptep_set_wrprotect(&mm, va, ptep);
	CHECK(did("H L =H L H =L ", readable), "wrprotect_software_first off: the TLB's first");
	space(all, 0, 0);
	guard_off[GUARD_rights_exchange] = 1;
	ptep_set_wrprotect(&mm, va, ptep);
	CHECK(did("L H WL H L WH ", readable), "rights_exchange off: plain stores");
}

static void test_marks(void)
{
	const pte_t clean = mk_pte(20, ALL & ~PTE_DIRTY), young = mk_pte(20, PTE_USER | PTE_YOUNG);
	pte_t old;

	space(clean, XPA_MODIFIED, XPA_D);
	old = ptep_set_wrprotect(&mm, va, ptep);
	CHECK(did("L H =L L H =L H L =H ", mk_pte(20, ALL & ~PTE_WRITE)) && pte_dirty(old),
	      "a mark that comes just then stays, and D goes");
	space(clean, XPA_MODIFIED, XPA_D);
	CHECK(ptep_test_and_clear_dirty(&mm, va, ptep) && did("L H =L L H =L H L =H ", clean),
	      "made clean: it was dirty, and D goes with the mark");
	space(mk_pte(20, PTE_USER), XPA_ACCESSED, XPA_V);
	CHECK(ptep_test_and_clear_young(&mm, va, ptep) &&
		      did("L H =L L H =L H L =H ", mk_pte(20, PTE_USER)),
	      "made old: it was young, and V goes with the mark");
	space(clean, XPA_MODIFIED, XPA_D);
	guard_off[GUARD_rights_exchange] = 1;
	ptep_set_wrprotect(&mm, va, ptep);
	CHECK(did("L H WL H L WH ", young), "rights_exchange off: the mark is lost");
}

int main(void)
{
	test_order();
	test_marks();
	return tap_done();
}
