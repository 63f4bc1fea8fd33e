/* SPDX-License-Identifier: MIT */
/* Takes pages out of memory, and out of all spaces that have them. */
#include "mm/space/page_out.h"

#include "kernel/errno.h"
#include "mm/object/object.h"
#include "mm/page/swap.h"
#include "mm/space/vma.h"
#include "mm/table/batch.h"
#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/swap_entry.h"

/* A page on its way out. */
struct victim {
	struct mm *mm;
	vaddr_t va;
	struct page *page; /* with a reference */
	u32 slot;	   /* held */
	bool cached;	   /* the slot has the page already, for an entry that is not back yet */
};

static int check_mapping(struct mm *mm, vaddr_t va)
{
	const struct vma *vma = vma_lookup(mm, va);

	if (!vma)
		return -EFAULT;
	if (vma->flags & VM_SPECIAL)
		return -EPERM;
	return vma->flags & VM_SHARED ? -EINVAL : 0;
}

/* Call with the table's lock. A private mapping of a file has the file's pages and copies of them,
 * and only the copies belong to the family. */
static int check_page(const struct victim *victim)
{
	if (!victim->page)
		return -EFAULT;
	return READ_ONCE(victim->page->object) == victim->mm->family ? 0 : -EINVAL;
}

/* Linux folio_isolate_lru() and folio_get(). */
static int isolate(struct victim *victim)
{
	pte_t *ptep = pte_lookup(victim->mm, victim->va);
	pte_t pte;
	int error;

	if (!ptep)
		return -EFAULT;
	pte_lock(ptep);
	pte = entry_read(ptep);
	victim->page = entry_present(pte) ? vm_normal_page(pte) : NULL;
	error = check_page(victim);
	if (!error)
		get_page(victim->page);
	pte_unlock(ptep);
	return error;
}

/* Call with the mmap lock held. Finds the page and a slot for it. */
static int choose(struct victim *victim)
{
	int error = check_mapping(victim->mm, victim->va);

	if (!error)
		error = isolate(victim);
	if (error)
		return error;
	victim->cached = swap_hold_cached(victim->page, &victim->slot);
	if (!victim->cached)
		error = swap_alloc(&victim->slot);
	if (error)
		put_page(victim->page);
	return error;
}

static void release(struct victim *victim)
{
	swap_free(victim->slot);
	put_page(victim->page);
}

/* --- unmapping. Call with the family's lock held -------------------------------------------- */

static struct rmap_walk walk_of(const struct victim *victim)
{
	return (struct rmap_walk){.object = victim->mm->family, .index = victim->page->index};
}

static u32 count_entries(const struct victim *victim)
{
	struct rmap_walk walk = walk_of(victim);
	pte_t *ptep;
	u32 nr = 0;

	while ((ptep = rmap_next_entry(&walk, victim->page))) {
		pte_unlock(ptep);
		nr++;
	}
	return nr;
}

/* Whether somebody has the page besides its entries, the cache and this caller. A page with one
 * more reference than those need not be looked for. */
static bool has_other_users(const struct victim *victim)
{
	u32 others = page_count(victim->page) - 1 - victim->cached;

	return others > 1 && others > count_entries(victim);
}

/* Every CPU has flushed when the table's lock drops, so the page gets no store by this entry any
 * more. Its marks go with the entry, because the page is written in any case. With a batch the
 * flush is left to it. Linux try_to_unmap_one(). */
static void try_to_unmap_one(const struct victim *victim, struct mm *mm, vaddr_t va, pte_t *ptep,
			     struct unmap_batch *batch)
{
	swap_duplicate(victim->slot);
	mm_clear_pte(mm, va, ptep);
	if (batch)
		batch_add(batch, mm, va);
	else if (guard(unmap_flush))
		flush_cleared(mm, va, va + PAGE_SIZE);
	set_pte(ptep, mk_swap_pte(victim->slot));
	put_page(victim->page);
}

static void unmap_entries(const struct victim *victim, struct unmap_batch *batch)
{
	struct rmap_walk walk = walk_of(victim);
	pte_t *ptep;

	while ((ptep = rmap_next_entry(&walk, victim->page))) {
		try_to_unmap_one(victim, walk.mm, walk.va, ptep, batch);
		pte_unlock(ptep);
	}
}

/* Call with the slot's page lock. Puts the slot in the place of every entry of the page, in all
 * spaces of the family, and the page into the cache. A fork that runs meanwhile adds its entries
 * behind those it copies, so they are found. If another CPU takes the page out by another slot, it
 * is busy. Linux try_to_unmap(). */
static int try_to_unmap(const struct victim *victim, struct unmap_batch *batch)
{
	struct object *family = victim->mm->family;
	bool alone;

	object_lock(family);
	alone = !has_other_users(victim) && swap_cache_add(victim->slot, victim->page);
	if (alone)
		unmap_entries(victim, batch);
	object_unlock(family);
	return alone ? 0 : -EBUSY;
}

/* --- writing -------------------------------------------------------------------------------- */

/* Call with the slot's page lock, when no entry lets a store through. A lockless walker may have
 * got a reference before, or a fault has found the page in the cache and mapped it again. Then the
 * page stays there, and is not written, because stores may still come. */
static void pageout(const struct victim *victim)
{
	if (page_count(victim->page) != 2) /* of the cache and of this caller */
		return;
	swap_write(victim->slot, victim->page);
	swap_cache_drop(victim->slot, victim->page);
}

static int write_out(const struct victim *victim)
{
	int error;

	swap_page_lock(victim->slot);
	error = try_to_unmap(victim, NULL);
	if (!error)
		pageout(victim);
	swap_page_unlock(victim->slot);
	return error;
}

int page_out(struct mm *mm, vaddr_t va)
{
	struct victim victim = {.mm = mm, .va = ALIGN_DOWN(va, PAGE_SIZE)};
	int error;

	read_lock(&mm->mmap_lock);
	error = choose(&victim);
	if (!error) {
		error = write_out(&victim);
		release(&victim);
	}
	read_unlock(&mm->mmap_lock);
	return error;
}

/* --- many pages ----------------------------------------------------------------------------- */

#define PAGE_OUT_BATCH 16u

/* Returns whether the page is in no entry any more, and its flush is left to the batch. */
static bool unmap_in_batch(struct victim *victim, struct unmap_batch *batch)
{
	int error;

	if (choose(victim))
		return false;
	swap_page_lock(victim->slot);
	error = try_to_unmap(victim, batch);
	swap_page_unlock(victim->slot);
	if (error)
		release(victim);
	return !error;
}

static void write_behind(struct victim *victim)
{
	swap_page_lock(victim->slot);
	pageout(victim);
	swap_page_unlock(victim->slot);
	release(victim);
}

/* The mmap lock keeps the tables, and is not needed for the flush. */
static u32 page_out_some(struct mm *mm, vaddr_t *va, vaddr_t end)
{
	struct unmap_batch batch = {.cpus = 0};
	struct victim victims[PAGE_OUT_BATCH];
	u32 nr = 0;

	read_lock(&mm->mmap_lock);
	for (; *va != end && nr < PAGE_OUT_BATCH; *va += PAGE_SIZE) {
		victims[nr] = (struct victim){.mm = mm, .va = *va};
		nr += unmap_in_batch(&victims[nr], &batch);
	}
	read_unlock(&mm->mmap_lock);
	race_value(batch_unmapped, nr);
	if (guard(unmap_flush))
		batch_flush(&batch);
	for (u32 i = 0; i < nr; i++)
		write_behind(&victims[i]);
	return nr;
}

u32 page_out_range(struct mm *mm, vaddr_t start, vaddr_t end)
{
	u32 out = 0;

	while (start != end)
		out += page_out_some(mm, &start, end);
	return out;
}
