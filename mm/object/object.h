/* SPDX-License-Identifier: MIT */
/*
 * Objects: what the pages of programs belong to, and the way from a page to its mappings.
 *
 * There are two kinds. A file (mm/object/file.h) has the pages of shared memory. A family has the
 * anonymous pages of a space and of all spaces that descend from it by fork, or have a common
 * ancestor with it. These can have an anonymous page together, and no others can.
 *
 * An object lists its mappings. A record is a range of addresses and the number of the page at its
 * beginning. It knows nothing of rights, so changes of rights leave the list alone, and one record
 * can stand for several VMAs. A shared mapping of a file is listed by the file. A private one is
 * also listed by the family of its space, because its copies are anonymous pages, with the numbers
 * that the pages have in the file. A mapping without a file is listed by the family alone, and its
 * numbers begin as the address of the mapping in pages. They stay when the mapping moves.
 *
 * A page knows its object and its number there (struct page). The reverse map looks for it wherever
 * a record has this number, and compares the frame in the entry, because another page may be there.
 * After a store to a shared page of a family, for example, parent and child have two pages of one
 * number.
 *
 * Linux has address_space with i_mmap for files. For anonymous memory it has an anon_vma for each
 * mapping, and one more for the copies in each child, so that a walk does not pass through all
 * spaces of the family (anon_vma_chain). One family for all needs fewer frames, and its walk is
 * longer.
 *
 * The object lock covers the list, and in a file what is in the page cache. It comes after the mmap
 * lock and before the locks of page tables (kernel/wait/lock_order.h). Linux has the same order of
 * i_mmap_rwsem and anon_vma->rwsem. It may be held across shootdowns, so take it with interrupts
 * on.
 */
#pragma once

#include <asm/pgtable.h>

#include "kernel/wait/lock_order.h"
#include "kernel/wait/spinlock.h"
#include "mm/page/page.h"
#include "mm/table/mm_struct.h"

enum object_kind {
	OBJECT_FILE,
	OBJECT_FAMILY,
};

/* The pages of [start, end) have the numbers from pgoff on. */
struct object_mapping {
	struct mm *mm;
	vaddr_t start, end;
	u32 pgoff;
};

struct object {
	u32 references; /* shared */
	u32 kind;	/* enum object_kind */
	struct spinlock lock;
	/* Under the lock from here on. */
	u32 nr_mappings, nr_promised; /* places taken, and places promised to callers */
	u32 room;		      /* places there are */
	struct object_mapping *mappings;
};

/* Makes a family without members, and returns it with one reference, or NULL if out of memory. */
struct object *family_create(void);
/* Takes one more reference. The caller must have one, or a mapping that keeps it. */
void get_object(struct object *object);
/* Gives a reference back. The last one frees the object, and a file with its pages. */
void put_object(struct object *object);

static inline enum lock_level object_level(const struct object *object)
{
	return object->kind == OBJECT_FAMILY ? LOCK_FAMILY : LOCK_OBJECT;
}

static inline void object_lock(struct object *object)
{
	lock_order_enter(object_level(object));
	spin_lock(&object->lock);
}

static inline void object_unlock(struct object *object)
{
	spin_unlock(&object->lock);
	lock_order_leave(object_level(object));
}

/* --- the mappings. Call with the mmap lock of the space held for writing, or while no other CPU
 * knows the space --- */

/* Promises a place for one more mapping, with a reference for it. Returns false if out of memory. A
 * promise that is not used must be given back. */
bool object_promise_mapping(struct object *object);
void object_drop_promise(struct object *object);
/* Adds a mapping at the end of the list. Uses a promise up. */
void object_add_mapping(struct object *object, struct object_mapping mapping);
/* Takes [start, end) of the space off the list. The pages are unmapped there before, because
 * afterwards they are not found. If one mapping keeps a part on both sides, this uses a promise up
 * and returns true. */
bool object_remove_mapping(struct object *object, const struct mm *mm, vaddr_t start, vaddr_t end);

/*
 * The entries of a mapping move between these two calls. The first one takes [start, end) of the
 * space off the list and adds the new place, with promises as above, and returns with the object
 * lock held. So a walk along the list finds all the entries at the old place, or all at the new
 * one. Linux has both VMAs in its tree meanwhile, and takes the locks (take_rmap_locks()) only if a
 * walk could come to the new one first.
 */
bool object_begin_move(struct object *object, const struct mm *mm, vaddr_t start, vaddr_t end,
		       struct object_mapping mapping);
void object_end_move(struct object *object);

/* --- the reverse map --- */

/* A walk through the places where a page with this number can be mapped. Linux
 * rmap_walk_control. */
struct rmap_walk {
	struct object *object;
	u32 index;
	u32 next; /* of the object's mappings, 0 at first */
	/* The place. */
	struct mm *mm;
	vaddr_t va;
	pte_t pte; /* what rmap_next_slot() found there */
};

/*
 * Finds the next place. Returns false if there is none left, and walk->object may be NULL, which
 * has none. The caller holds the object lock. So the mapping keeps its place and the space its
 * tables, but the entry may be another page's, and only the lock of its table keeps it as it is.
 * Linux rmap_walk_file(), rmap_walk_anon().
 */
bool rmap_next(struct rmap_walk *walk);

/*
 * Finds the next place that has a page table, in the same way. Returns its slot with the lock of
 * the table held, and the caller drops it. walk->pte is the entry, of any kind. Returns NULL if
 * there is none left.
 */
pte_t *rmap_next_slot(struct rmap_walk *walk);
/* As rmap_next_slot(), for the next entry that names the page. A copy in a private mapping is
 * another page. Linux page_vma_mapped_walk(). */
pte_t *rmap_next_entry(struct rmap_walk *walk, const struct page *page);
