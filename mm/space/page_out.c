/* SPDX-License-Identifier: MIT */
/* Takes pages of a space out of memory. */
#include "mm/space/page_out.h"

#include "kernel/errno.h"
#include "mm/page/swap.h"
#include "mm/space/vma.h"
#include "mm/table/batch.h"
#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/swap_entry.h"

/* A page on its way out. */
struct victim {
	struct mm *mm;
	vaddr_t va;
	pte_t *ptep;
	struct page *page; /* with a reference */
	u32 slot;	   /* held */
};

static int check_mapping(struct mm *mm, vaddr_t va)
{
	const struct vma *vma = vma_lookup(mm, va);

	if (!vma)
		return -EFAULT;
	if (vma->flags & VM_SPECIAL)
		return -EPERM;
	return vma->file ? -EINVAL : 0;
}

/* Call with the table's lock. Whether the entry names the page, and nobody else has it but those
 * with `references`. */
static bool is_alone(const struct victim *victim, u32 references)
{
	pte_t pte = entry_read(victim->ptep);

	return entry_present(pte) && vm_normal_page(pte) == victim->page &&
	       page_count(victim->page) == references;
}

/* Linux folio_isolate_lru() and folio_get(). */
static int isolate(struct victim *victim)
{
	int error = -EFAULT;
	pte_t pte;

	pte_lock(victim->ptep);
	pte = entry_read(victim->ptep);
	victim->page = entry_present(pte) ? vm_normal_page(pte) : NULL;
	if (victim->page) {
		error = is_alone(victim, 1) ? 0 : -EBUSY;
		if (!error)
			get_page(victim->page);
	}
	pte_unlock(victim->ptep);
	return error;
}

/*
 * Call with the slot's page lock. Puts the slot in the place of every entry that maps the page, and
 * the page into the cache. This is one entry, because the page has no other user. Every CPU has
 * flushed when the table's lock drops, so the page gets no store any more. Its marks go with the
 * entry, because the page is written in any case. With a batch the flush is left to it. Linux
 * try_to_unmap_one().
 */
static int try_to_unmap(struct victim *victim, struct unmap_batch *batch)
{
	bool alone;

	pte_lock(victim->ptep);
	alone = is_alone(victim, 2);
	if (alone) {
		swap_duplicate(victim->slot);
		swap_cache_add(victim->slot, victim->page);
		mm_clear_pte(victim->mm, victim->va, victim->ptep);
		if (batch)
			batch_add(batch, victim->mm, victim->va);
		else if (guard(unmap_flush))
			flush_cleared(victim->mm, victim->va, victim->va + PAGE_SIZE);
		set_pte(victim->ptep, mk_swap_pte(victim->slot));
	}
	pte_unlock(victim->ptep);
	if (!alone)
		return -EBUSY;
	put_page(victim->page);
	return 0;
}

/* A lockless walker may have got a reference just before. The page then stays in the cache, where
 * faults find it. */
static int write_out(struct victim *victim)
{
	int error;

	swap_page_lock(victim->slot);
	error = try_to_unmap(victim, NULL);
	if (!error) {
		swap_write(victim->slot, victim->page);
		swap_cache_drop(victim->slot, victim->page);
	}
	swap_page_unlock(victim->slot);
	return error;
}

/* Call with the mmap lock held. Finds the page and a slot for it. */
static int choose(struct victim *victim)
{
	int error = check_mapping(victim->mm, victim->va);

	if (error)
		return error;
	victim->ptep = pte_lookup(victim->mm, victim->va);
	if (!victim->ptep)
		return -EFAULT;
	error = isolate(victim);
	if (error)
		return error;
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

/* The page stays if a fault has found it in the cache and mapped it again. */
static void write_behind(struct victim *victim)
{
	swap_page_lock(victim->slot);
	if (page_count(victim->page) == 2) { /* of the cache and of this caller */
		swap_write(victim->slot, victim->page);
		swap_cache_drop(victim->slot, victim->page);
	}
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
