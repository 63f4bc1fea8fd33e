/* SPDX-License-Identifier: MIT */
/* Changes the tested slot, logs its legal values, and reads it as a walker does. */
#include <asm/page.h>

#include "kernel/printk.h"
#include "mm/gup/gup.h"
#include "mm/table/lockless.h"
#include "tests/lab/lab.h"

/* Young and dirty already, so hardware has nothing to write to it. */
#define LEAF (PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY)

/* Frame numbers behind the low 4 GiB's device hole. RAM never answers at fe000000-feffffff there,
 * and no zone reaches so far above 4 GiB. */
#define HOLE_PFN 0xfe000u

pte_t lab_software_entry(u32 n, u32 high)
{
	pfn_t pfn = high << SPLIT_PFN_SHIFT | (HOLE_PFN + n);

	assert(high && !pfn_to_page(pfn));
	return mk_pte(pfn, LEAF);
}

pte_t lab_entry(struct page *page)
{
	return mk_pte(page_to_pfn(page), LEAF);
}

bool lab_refault(struct variant *v, pte_t pte)
{
	struct page *page = pfn_to_page(entry_pfn(pte));
	bool established;

	assert(v->nr_legal < MAX_LEGAL);
	v->legal[v->nr_legal++] = pte;
	if (page)
		get_page(page);
	established = mm_establish(&v->mm, v->va, pte);
	if (page && !established)
		put_page(page);
	return established;
}

void lab_establish(struct variant *v, pte_t pte)
{
	bool established = lab_refault(v, pte);

	/* The slot is empty and its table is there, unless a deadlock was broken. After a broken
	 * deadlock, locks mean nothing any more. */
	assert(established || wait_is_abandoned());
}

void lab_set_anonymous(struct variant *v, vaddr_t va, struct page *page)
{
	page->object = v->mm.family;
	page->index = linear_page_index(vma_lookup(&v->mm, va), va);
}

bool lab_map_anonymous(struct variant *v, vaddr_t va, struct page *page, u32 rights)
{
	lab_set_anonymous(v, va, page);
	return mm_establish(&v->mm, va, mk_pte(page_to_pfn(page), rights));
}

void lab_zap(struct variant *v)
{
	zap_page_range(&v->mm, v->va, v->va + PAGE_SIZE);
}

void lab_stand_by(struct variant *v)
{
	(void)READ_ONCE(v->nr_roles);
}

pte_t lab_walk(struct variant *v)
{
	u32 irqs = walk_begin(v->va);
	pte_t pte = ptep_get_lockless(v->ptep);

	walk_end(irqs, entry_present(pte));
	return pte;
}

/* Accepts every value the slot had, apart from the bits hardware changes. Also accepts an entry
 * that is not present, because a reader must not use it. */
bool lab_is_legal(struct variant *v, pte_t pte)
{
	if (!entry_present(pte))
		return true;
	for (unsigned i = 0; i < v->nr_legal; i++)
		if (entry_same(entry_without_ad(v->legal[i]), entry_without_ad(pte)))
			return true;
	return false;
}
