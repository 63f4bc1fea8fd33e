/* SPDX-License-Identifier: MIT */
/* Moves entries to other addresses of their space. */
#include "mm/table/move.h"

#include "mm/table/batch.h"
#include "mm/table/clear.h"
#include "mm/table/establish.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"

/* A part of the range, in one old table and one new one. */
struct part {
	pte_t *ptep; /* its first old slot, or NULL if there is no table */
	vaddr_t start, end, new;
};

/* The part of [va, end) from va on, which moves to `new`. */
static struct part first_part(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t new)
{
	struct part part = {.start = va, .new = new};
	vaddr_t new_end;

	part.ptep = pte_lookup_range(mm, va, end, &part.end);
	if (!part.ptep)
		return part;
	new_end = level_end(new, new + (part.end - va), PMD_SHIFT, false);
	part.end = va + (new_end - new);
	return part;
}

bool move_alloc_tables(struct mm *mm, vaddr_t old, vaddr_t new, size_t len)
{
	vaddr_t end = old + len;

	for (vaddr_t va = old; va != end;) {
		struct part part = first_part(mm, va, end, new + (va - old));

		if (part.ptep && !pte_alloc(mm, part.new))
			return false;
		va = part.end;
	}
	return true;
}

static void move_pte(struct tlb_gather *tlb, vaddr_t va, pte_t *ptep, pte_t *new_ptep)
{
	pte_t pte;

	if (entry_none(entry_read(ptep)))
		return;
	pte = mm_clear_pte(tlb->mm, va, ptep);
	set_pte(new_ptep, pte);
	if (entry_present(pte))
		gather_range(tlb, va, va + PAGE_SIZE);
}

/* Both locks drop after the flush. Old and new slots may be in one table, which has one lock. */
static void move_ptes(struct mm *mm, const struct part *part)
{
	pte_t *ptep = part->ptep, *new_ptep = pte_lookup(mm, part->new);
	bool one_table = pte_lockptr(ptep) == pte_lockptr(new_ptep);
	struct tlb_gather tlb;

	pte_lock(ptep);
	if (!one_table)
		pte_lock_new(new_ptep);
	batch_settle(mm);
	gather_begin(&tlb, mm, false);
	for (vaddr_t va = part->start; va != part->end; va += PAGE_SIZE)
		move_pte(&tlb, va, ptep + ((va - part->start) >> PAGE_SHIFT),
			 new_ptep + ((va - part->start) >> PAGE_SHIFT));
	if (guard(move_flush))
		gather_finish(&tlb);
	if (!one_table)
		pte_unlock_new(new_ptep);
	pte_unlock(ptep);
	race_point(move_unlocked);
}

void move_page_tables(struct mm *mm, vaddr_t old, vaddr_t new, size_t len)
{
	vaddr_t end = old + len;

	for (vaddr_t va = old; va != end;) {
		struct part part = first_part(mm, va, end, new + (va - old));

		if (part.ptep)
			move_ptes(mm, &part);
		va = part.end;
	}
}
