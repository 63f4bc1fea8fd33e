/* SPDX-License-Identifier: MIT */
/* Moves a page of programs to another frame. */
#include "mm/space/migrate.h"

#include "kernel/errno.h"
#include "kernel/hooks/race.h"
#include "kernel/wait/lock_order.h"
#include "mm/object/object.h"
#include "mm/page/page.h"
#include "mm/space/vma.h"
#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/swap_entry.h"

_Static_assert(MAX_CPUS <= CPU_HALF * CPU_HALF, "each CPU has its entry, and no half is empty");

/* Held by each CPU while it moves a page. */
static struct spinlock moving[MAX_CPUS];

static void migration_lock(unsigned cpu)
{
	lock_order_enter(LOCK_PAGE);
	spin_lock(&moving[cpu]);
}

static void migration_unlock(unsigned cpu)
{
	spin_unlock(&moving[cpu]);
	lock_order_leave(LOCK_PAGE);
}

void migration_entry_wait(pte_t pte)
{
	race_value(migration_found, pte_migration_cpu(pte));
	migration_lock(pte_migration_cpu(pte));
	migration_unlock(pte_migration_cpu(pte));
}

bool migration_is_under_way(pte_t pte)
{
	return moving[pte_migration_cpu(pte)].owner;
}

/* Puts a migration entry in the place of each entry of the page, and takes its reference. Every CPU
 * has flushed when the table's lock drops. Linux try_to_migrate_one(). */
static void try_to_migrate(struct page *page)
{
	struct rmap_walk walk = {.object = page->object, .index = page->index};
	pte_t *ptep;

	object_lock(page->object);
	while ((ptep = rmap_next_entry(&walk, page))) {
		pte_t pte = mm_clear_pte(walk.mm, walk.va, ptep);

		if (guard(migrate_flush))
			flush_cleared(walk.mm, walk.va, walk.va + PAGE_SIZE);
		set_pte(ptep, mk_migration_pte(cpu_id(), pte));
		pte_unlock(ptep);
		put_page(page);
	}
	object_unlock(page->object);
}

/* Finds the next migration entry of this CPU, as rmap_next_entry() finds present ones. */
static pte_t *next_migration_entry(struct rmap_walk *walk)
{
	pte_t *ptep;

	while ((ptep = rmap_next_slot(walk))) {
		if (pte_is_migration(walk->pte) && pte_migration_cpu(walk->pte) == cpu_id())
			return ptep;
		pte_unlock(ptep);
	}
	return NULL;
}

/* Each migration entry of this CPU becomes an entry of the page, with a reference. No flush is owed
 * for these slots. Linux remove_migration_ptes(). */
static void remove_migration_ptes(struct page *page)
{
	struct rmap_walk walk = {.object = page->object, .index = page->index};
	pte_t *ptep;

	object_lock(page->object);
	while ((ptep = next_migration_entry(&walk))) {
		get_page(page);
		set_pte(ptep, migration_restored(walk.pte, page_to_pfn(page)));
		pte_unlock(ptep);
	}
	object_unlock(page->object);
}

static void copy_to(struct page *new, struct page *page)
{
	copy_page(page_map(page_to_pfn(new), WINDOW_A), page_map(page_to_pfn(page), WINDOW_B));
	new->object = page->object;
	new->index = page->index;
}

/* Call with a reference on each frame, and no other one on the new frame. */
static int move_to(struct page *new, struct page *page)
{
	bool frozen;

	migration_lock(cpu_id());
	try_to_migrate(page);
	race_point(migrate_unmapped);
	frozen = page_freeze(page, 1);
	if (frozen || !guard(migrate_freeze)) {
		copy_to(new, page);
		race_point(migrate_copied);
		remove_migration_ptes(new);
	} else {
		remove_migration_ptes(page);
	}
	if (frozen)
		page_unfreeze(page, 1);
	migration_unlock(cpu_id());
	return frozen || !guard(migrate_freeze) ? 0 : -EAGAIN;
}

/* Call with the mmap lock held. Returns the page in *page with a reference, or an error. Linux
 * add_page_for_migration(). */
static int isolate(struct mm *mm, vaddr_t va, struct page **page)
{
	const struct vma *vma = vma_lookup(mm, va);
	pte_t *ptep = vma ? pte_lookup(mm, va) : NULL;
	pte_t pte;
	int error;

	if (!ptep)
		return -EFAULT;
	if (vma->flags & VM_SPECIAL)
		return -EPERM;
	pte_lock(ptep);
	pte = entry_read(ptep);
	*page = entry_present(pte) ? vm_normal_page(pte) : NULL;
	error = !*page ? -EFAULT : page_is_of_file(*page) ? -EINVAL : 0;
	if (!error)
		get_page(*page);
	pte_unlock(ptep);
	return error;
}

static int migrate_isolated(struct page *page, bool longterm)
{
	struct page *new;
	int error;

	if (longterm && page_allows_longterm(page))
		return 0;
	new = longterm ? alloc_page_longterm() : alloc_page(ZONE_DIRECT);
	if (!new)
		return -ENOMEM;
	error = move_to(new, page);
	put_page(new);
	return error;
}

/* The mmap lock keeps the family of the space, so that the page has its object. */
int migrate_page(struct mm *mm, vaddr_t va, bool longterm)
{
	struct page *page;
	int error;

	read_lock(&mm->mmap_lock);
	error = isolate(mm, ALIGN_DOWN(va, PAGE_SIZE), &page);
	if (!error) {
		error = migrate_isolated(page, longterm);
		put_page(page);
	}
	read_unlock(&mm->mmap_lock);
	return error;
}
