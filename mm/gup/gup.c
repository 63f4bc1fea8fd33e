/* SPDX-License-Identifier: MIT */
/* Walks the tables without a lock, level by level, and takes references on the pages it finds. */
#include "mm/gup/gup.h"

#include <asm/irq.h>

#include "kernel/printk.h"
#include "kernel/smp/walker_sync.h"
#include "mm/gup/stack_copy.h"
#include "mm/page/page.h"
#include "mm/table/lockless.h"

/* If an entry changes between the two looks this many times, it is left to the slow path. */
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

/* Takes a reference and then reads the entry again. A changed entry is read anew, a few times. */
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
 * The range functions below return whether the walk may go on behind their range. This one, the
 * loop over pages, stays a function of its own, because the variables of all levels would compete
 * for its registers if it were inlined.
 *
 * After the last reference, the entry of the table is read again, for all the pages at once. A
 * collapse (Linux 70cbc3cc78a9) takes the table away, and like a zap it changes the entry before it
 * looks at the counts. If the entry changed, this function gives its references back and ends the
 * walk.
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

/* Returns the end of one iteration of a level. The Linux RFC v2 of 2020-09-07,
 * pXd_addr_end_folded(), takes it from the entry, so that a folded level has one iteration. */
static inline vaddr_t gup_level_end(entry_t e, vaddr_t va, vaddr_t end, unsigned shift)
{
	if (choice_is(folded_walk, addr_end))
		shift = entry_shift(e, shift);
	return level_end(va, end, shift, false);
}

/* gup_fast takes no reference on the pages of a large mapping, but leaves them to the slow path. */
static inline bool leads_to_table(entry_t e)
{
	return entry_present(e) && !entry_leaf(e);
}

/*
 * The levels above. Each entry is read once, and the walk follows the value it tested. A level
 * folded for good is not read at all.
 */
static inline bool gup_pmd_range(struct gup *gup, pud_t *pudp, pud_t pud, vaddr_t va, vaddr_t end)
{
	struct stack_copy copy = stack_copy_of(pud);
	pud_t *abovep = walks_a_copy() ? copy.entries : pudp;
	pmd_t *pmdp =
		guard(read_once) ? pmd_offset_lockless(abovep, pud, va) : pmd_offset(abovep, va);
	vaddr_t next;

	if (PMD_FOLDED)
		return gup_pte_range(gup, pmdp, pud, va, end);
	for (; va != end; va = next, pmdp++) {
		pmd_t pmd;

		if (is_off_the_stack(pmdp, &copy))
			return false;
		pmd = upper_get_lockless(pmdp);
		next = gup_level_end(pmd, va, end, PMD_SHIFT);
		if (!leads_to_table(pmd))
			return false;
		race_value(gup_pmd_read, entry_value(pmd));
		if (!gup_pte_range(gup, pmdp, pmd, va, next))
			return false;
	}
	return true;
}

static inline bool gup_pud_range(struct gup *gup, p4d_t *p4dp, p4d_t p4d, vaddr_t va, vaddr_t end)
{
	struct stack_copy copy = stack_copy_of(p4d);
	p4d_t *abovep = walks_a_copy() ? copy.entries : p4dp;
	pud_t *pudp =
		guard(read_once) ? pud_offset_lockless(abovep, p4d, va) : pud_offset(abovep, va);
	vaddr_t next;

	if (PUD_FOLDED)
		return gup_pmd_range(gup, pudp, p4d, va, end);
	for (; va != end; va = next, pudp++) {
		pud_t pud;

		if (is_off_the_stack(pudp, &copy))
			return false;
		pud = upper_get_lockless(pudp);
		next = gup_level_end(pud, va, end, PUD_SHIFT);
		if (!leads_to_table(pud))
			return false;
		race_value(gup_pud_read, entry_value(pud));
		if (!gup_pmd_range(gup, pudp, pud, va, next))
			return false;
	}
	return true;
}

static inline bool gup_p4d_range(struct gup *gup, pgd_t *pgdp, pgd_t pgd, vaddr_t va, vaddr_t end)
{
	struct stack_copy copy = stack_copy_of(pgd);
	pgd_t *abovep = walks_a_copy() ? copy.entries : pgdp;
	p4d_t *p4dp =
		guard(read_once) ? p4d_offset_lockless(abovep, pgd, va) : p4d_offset(abovep, va);
	vaddr_t next;

	if (P4D_FOLDED)
		return gup_pud_range(gup, p4dp, pgd, va, end);
	for (; va != end; va = next, p4dp++) {
		p4d_t p4d;

		if (is_off_the_stack(p4dp, &copy))
			return false;
		p4d = upper_get_lockless(p4dp);
		next = gup_level_end(p4d, va, end, P4D_SHIFT);
		if (!leads_to_table(p4d))
			return false;
		race_value(gup_p4d_read, entry_value(p4d));
		if (!gup_pud_range(gup, p4dp, p4d, va, next))
			return false;
	}
	return true;
}

static void gup_pgd_range(struct gup *gup, pgd_t *table, vaddr_t va, vaddr_t end)
{
	pgd_t *pgdp = pgd_offset_pgd(table, va);
	vaddr_t next;

	for (; va != end; va = next, pgdp++) {
		pgd_t pgd = upper_get_lockless(pgdp);

		next = gup_level_end(pgd, va, end, PGDIR_SHIFT);
		if (!entry_present(pgd))
			return;
		race_value(gup_pgd_read, entry_value(pgd));
		if (!gup_p4d_range(gup, pgdp, pgd, va, next))
			return;
	}
}

/* Also refuses a range wrapping around the end of the address space. Linux gup_fast_permitted(). */
static bool range_permitted(vaddr_t start, unsigned nr, vaddr_t end)
{
	return start < end && nr <= (end - start) >> PAGE_SHIFT;
}

inline u32 walk_begin(vaddr_t va)
{
	struct cpu *cpu = this_cpu();
	u32 irqs = guard(walker_irqs_off) ? irq_save() : 0;

	assert(cpu->mm && READ_ONCE(cpu->mm->cpumask) & BIT(cpu_id()));
	WRITE_ONCE(cpu->walk_seq, READ_ONCE(cpu->walk_seq) + 1);
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
		smp_store_release(&cpu->walk_seq, READ_ONCE(cpu->walk_seq) + 1);
	else
		WRITE_ONCE(cpu->walk_seq, READ_ONCE(cpu->walk_seq) + 1);
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
