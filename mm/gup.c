/* SPDX-License-Identifier: MIT */
#include "mm/gup.h"

#include <asm/irq.h>

#include "kernel/printk.h"
#include "kernel/smp/walker_sync.h"
#include "mm/lockless.h"
#include "mm/page.h"

/* An entry that changes this often between the two looks at it is left to the slow path. */
#define GUP_TRIES 4u

struct gup {
	bool write;
	struct page **next; /* where the next page goes */
};

static inline bool grab_reference(struct page *page)
{
	if (guard(try_get_nonzero))
		return try_get_page(page);
	get_page(page);
	return true;
}

/* One page: reference first, then the same entry again; a changed one is read anew, a few times. */
static inline struct page *grab_page(pte_t *ptep, bool write)
{
	for (unsigned n = 0; n < GUP_TRIES; n++) {
		pte_t pte = ptep_get_lockless(ptep);
		struct page *page;

		if (!pte_access_permitted(pte, write))
			return NULL;
		page = pfn_to_page(entry_pfn(pte));
		if (!page || !grab_reference(page))
			return NULL;
		race_value(gup_grabbed, entry_pfn(pte));
		if (!guard(ref_recheck) || likely(entry_same(pte, entry_read(ptep))))
			return page;
		put_page(page);
	}
	return NULL;
}

/*
 * The ranges below return whether the walk may go on behind them. This one, the loop over pages,
 * stays a function of its own: inlined, the variables of all levels would compete for its
 * registers.
 *
 * The entry that led to the table is read again after the last reference, for all of them at once:
 * as with a page, whoever takes the table away (a collapse: Linux 70cbc3cc78a9) changes that entry
 * before it looks at the counts. If it changed, what was found here is given back, and nothing is
 * behind.
 */
static __noinline bool gup_pte_range(struct gup *gup, pmd_t *pmdp, pmd_t pmd, vaddr_t va,
				     vaddr_t end)
{
	pte_t *ptep = guard(read_once) ? pte_offset_lockless(pmdp, pmd, va) : pte_offset(pmdp, va);
	pte_t *last = ptep + ((end - va) >> PAGE_SHIFT);
	struct page **next = gup->next;
	bool write = gup->write;

	race_value(gup_pte_table, virt_to_phys(ptep));
	for (; ptep != last; ptep++) {
		struct page *page = grab_page(ptep, write);

		if (!page)
			break;
		*next++ = page;
	}
	if (guard(pmd_recheck) && unlikely(!entry_same(pmd, entry_read(pmdp)))) {
		while (next != gup->next)
			put_page(*--next);
		return false;
	}
	gup->next = next;
	return ptep == last;
}

/*
 * Without offset_lockless each level gets a pointer to its own copy of the entry above, as in Linux
 * before d3f7b1bb2040. That is harmless unless the level is folded for this entry: then the loop
 * over it steps the pointer, off the copy, to whatever lies behind it on the stack. Here that is
 * the entry that was read before, in an array, so that what happens is the same each time.
 */
#define STACKED 2

static inline bool walks_a_copy(void)
{
	return !guard(offset_lockless) || choice_is(folded_walk, addr_end);
}

/* The end of the copies: nothing is defined behind it. */
static inline bool is_off_the_stack(const entry_t *ep, const entry_t *copy)
{
	if (!walks_a_copy())
		return false;
	if (ep == copy + 1)
		race_value(gup_off_table, (unsigned long)ep);
	return ep == copy + STACKED;
}

/* Where the iteration of a level ends. Linux RFC v2 of 2020-09-07, pXd_addr_end_folded(): by the
 * entry, so that a folded level has one iteration. */
static inline vaddr_t gup_level_end(entry_t e, vaddr_t va, vaddr_t end, unsigned shift)
{
	if (choice_is(folded_walk, addr_end))
		shift = entry_shift(e, shift);
	return level_end(va, end, shift, false);
}

/*
 * The levels above differ only in their names. Each entry is read once, and that value is tested
 * and followed; a level that is folded for good is not read at all.
 */
#define GUP_LEVEL(level, upper, lower, SHIFT, FOLDED)                                              \
	static inline bool gup_##level##_range(struct gup *gup, upper##_t *upperp,                 \
					       upper##_t upper, vaddr_t va, vaddr_t end)           \
	{                                                                                          \
		upper##_t copy[STACKED] = {upper, upper};                                          \
		upper##_t *abovep = walks_a_copy() ? copy : upperp;                                \
		level##_t *level##p = guard(read_once)                                             \
					      ? level##_offset_lockless(abovep, upper, va)         \
					      : level##_offset(abovep, va);                        \
		vaddr_t next;                                                                      \
                                                                                                   \
		if (FOLDED)                                                                        \
			return gup_##lower##_range(gup, level##p, upper, va, end);                 \
		for (; va != end; va = next, level##p++) {                                         \
			level##_t level;                                                           \
                                                                                                   \
			if (is_off_the_stack(level##p, copy))                                      \
				return false;                                                      \
			level = pxdp_get_lockless(level##p);                                       \
			next = gup_level_end(level, va, end, SHIFT);                               \
			if (!entry_present(level) || entry_leaf(level))                            \
				return false;                                                      \
			race_value(gup_##level##_read, entry_value(level));                        \
			if (!gup_##lower##_range(gup, level##p, level, va, next))                  \
				return false;                                                      \
		}                                                                                  \
		return true;                                                                       \
	}

GUP_LEVEL(pmd, pud, pte, PMD_SHIFT, PMD_FOLDED)
GUP_LEVEL(pud, p4d, pmd, PUD_SHIFT, PUD_FOLDED)
GUP_LEVEL(p4d, pgd, pud, P4D_SHIFT, P4D_FOLDED)

static void gup_pgd_range(struct gup *gup, pgd_t *table, vaddr_t va, vaddr_t end)
{
	pgd_t *pgdp = pgd_offset_pgd(table, va);
	vaddr_t next;

	for (; va != end; va = next, pgdp++) {
		pgd_t pgd = pxdp_get_lockless(pgdp);

		next = gup_level_end(pgd, va, end, PGDIR_SHIFT);
		if (!entry_present(pgd))
			return;
		race_value(gup_pgd_read, entry_value(pgd));
		if (!gup_p4d_range(gup, pgdp, pgd, va, next))
			return;
	}
}

/* Also refuses what wraps around the end of the address space. Linux gup_fast_permitted(). */
static bool range_permitted(vaddr_t start, unsigned nr, vaddr_t end)
{
	return start < end && nr <= (end - start) >> PAGE_SHIFT;
}

inline u32 walk_begin(vaddr_t va)
{
	struct cpu *cpu = this_cpu();
	u32 irqs = guard(walker_irqs_off) ? irq_save() : 0;

	assert(cpu->mm && READ_ONCE(cpu->mm->cpumask) & BIT(cpu_id()));
	WRITE_ONCE(cpu->walk, READ_ONCE(cpu->walk) + 1);
	if (grace_periods_used() && guard(grace_mb))
		smp_mb();
	race_value(walk_begin, va);
	return irqs;
}

inline void walk_end(u32 irqs, unsigned found)
{
	struct cpu *cpu = this_cpu();

	race_value(walk_end, found);
	if (guard(walk_end_release))
		smp_store_release(&cpu->walk, READ_ONCE(cpu->walk) + 1);
	else
		WRITE_ONCE(cpu->walk, READ_ONCE(cpu->walk) + 1);
	if (guard(walker_irqs_off))
		irq_restore(irqs);
}

unsigned gup_fast(vaddr_t start, unsigned nr, u32 flags, struct page **pages)
{
	struct gup gup = {.write = flags & FOLL_WRITE, .next = pages};
	pgd_t *pgd = mm_pgd(this_cpu()->mm);
	unsigned found;
	u32 irqs;

	if (!nr || (guard(gup_permitted) && !range_permitted(start, nr, user_end(pgd))))
		return 0;
	irqs = walk_begin(start);
	gup_pgd_range(&gup, pgd, start, start + (vaddr_t)nr * PAGE_SIZE);
	found = (unsigned)(gup.next - pages);
	walk_end(irqs, found);
	return found;
}
