/* SPDX-License-Identifier: MIT */
#include "mm/gup.h"

#include <asm/irq.h>

#include "kernel/printk.h"
#include "mm/mm.h"
#include "mm/page.h"
#include "mm/pgtable.h"

struct gup {
	u32 flags;
	unsigned nr;
	struct page **pages;
};

static inline bool access_permitted(pte_t pte, u32 flags)
{
	return entry_present(pte) && pte_user(pte) && (!(flags & FOLL_WRITE) || pte_write(pte));
}

/* One page: reference first, then the same entries again. */
static inline struct page *grab_page(pmd_t *pmdp, pmd_t pmd, pte_t *ptep, u32 flags)
{
	pte_t pte = ptep_get_lockless(ptep);
	struct page *page;

	if (!access_permitted(pte, flags))
		return NULL;
	page = pfn_to_page(entry_pfn(pte));
	if (!page || !try_get_page(page))
		return NULL;
	race_value(gup_grabbed, entry_pfn(pte));
	if (likely(entry_same(pmd, entry_read(pmdp)) && entry_same(pte, entry_read(ptep))))
		return page;
	put_page(page);
	return NULL;
}

/* The ranges below return whether the walk may go on behind them. */
static bool gup_pte_range(struct gup *gup, pmd_t *pmdp, pmd_t pmd, vaddr_t va, vaddr_t end)
{
	pte_t *ptep = pte_offset_lockless(pmdp, pmd, va);

	for (; va != end; va += PAGE_SIZE, ptep++) {
		struct page *page = grab_page(pmdp, pmd, ptep, gup->flags);

		if (!page)
			return false;
		gup->pages[gup->nr++] = page;
	}
	return true;
}

/*
 * The levels above differ only in their names. Each entry is read once, and that value is tested and
 * followed; a level that is folded for good is not read at all.
 */
#define GUP_LEVEL(level, upper, lower, SHIFT, FOLDED)                                              \
	static inline bool gup_##level##_range(struct gup *gup, upper##_t *upperp, upper##_t upper, \
					       vaddr_t va, vaddr_t end)                            \
	{                                                                                          \
		level##_t *level##p = level##_offset_lockless(upperp, upper, va);                  \
		vaddr_t next;                                                                      \
                                                                                                   \
		if (FOLDED)                                                                        \
			return gup_##lower##_range(gup, level##p, upper, va, end);                 \
		for (; va != end; va = next, level##p++) {                                         \
			level##_t level = pxdp_get_lockless(level##p);                             \
                                                                                                   \
			next = level_end(va, end, SHIFT, false);                                   \
			if (!entry_present(level) || entry_leaf(level) ||                          \
			    !gup_##lower##_range(gup, level##p, level, va, next))                  \
				return false;                                                      \
		}                                                                                  \
		return true;                                                                       \
	}

GUP_LEVEL(pmd, pud, pte, PMD_SHIFT, PMD_FOLDED)
GUP_LEVEL(pud, p4d, pmd, PUD_SHIFT, PUD_FOLDED)
GUP_LEVEL(p4d, pgd, pud, P4D_SHIFT, P4D_FOLDED)

static void gup_pgd_range(struct gup *gup, struct mm *mm, vaddr_t va, vaddr_t end)
{
	pgd_t *pgdp = pgd_offset_pgd(mm->pgd, va);
	vaddr_t next;

	for (; va != end; va = next, pgdp++) {
		pgd_t pgd = pxdp_get_lockless(pgdp);

		next = level_end(va, end, PGDIR_SHIFT, false);
		if (!entry_present(pgd) || !gup_p4d_range(gup, pgdp, pgd, va, next))
			return;
	}
}

/* Also refuses what wraps around the end of the address space. Linux gup_fast_permitted(). */
static bool range_permitted(vaddr_t start, unsigned nr, vaddr_t end)
{
	return start < end && nr <= (end - start) >> PAGE_SHIFT;
}

u32 walk_begin(vaddr_t va)
{
	struct cpu *cpu = this_cpu();
	u32 irqs = guard(walker_irqs_off) ? irq_save() : 0;

	assert(cpu->mm && READ_ONCE(cpu->mm->cpumask) & BIT(cpu_id()));
	cpu->walks++;
	race_value(walk_begin, va);
	return irqs;
}

void walk_end(u32 irqs, unsigned found)
{
	race_value(walk_end, found);
	this_cpu()->walks--;
	if (guard(walker_irqs_off))
		irq_restore(irqs);
}

unsigned gup_fast(vaddr_t start, unsigned nr, u32 flags, struct page **pages)
{
	struct gup gup = {.flags = flags, .pages = pages};
	u32 irqs;

	if (!nr || !range_permitted(start, nr, user_end(this_cpu()->mm->pgd)))
		return 0;
	irqs = walk_begin(start);
	gup_pgd_range(&gup, this_cpu()->mm, start, start + (vaddr_t)nr * PAGE_SIZE);
	walk_end(irqs, gup.nr);
	return gup.nr;
}
