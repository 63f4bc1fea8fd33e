/* SPDX-License-Identifier: MIT */
/*
 * Takes a mapping or a table away from an address space, so that no CPU goes on using it.
 *
 * Most ports clear the entry and leave the flush to the gather's shootdown. A port with
 * CAP_BROADCAST_FLUSH changes no valid entry by a plain store while another CPU has the space
 * attached. There an instruction makes the entry invalid and drops its translations on every CPU at
 * once, with no interrupt. Only then is the entry emptied (z/Architecture Principles of Operation,
 * chapter 3, "Translation-Lookaside Buffer", the ways to change an attached entry).
 *
 * While no other CPU has the space, a plain store is enough, and the flush is left to the gather
 * (mm->flush_pending). But no CPU may attach between the look at the masks and the store. So the
 * clearing CPU first sets its bit in mm->clearers, and mm_await_clears() waits it out. Linux s390
 * has ptep_xchg_lazy(), flush_count and finish_arch_post_lock_switch().
 */
#pragma once

#include <asm/tlb.h>

#include "mm/table/mm_struct.h"
#include "mm/table/pgtable.h"

/* Whether only the calling CPU can have translations of the space. */
static inline bool attached_here_only(struct mm *mm)
{
	return !(READ_ONCE(mm->cpu_attach_mask) & ~BIT(cpu_id()));
}

/* Call with the table's lock held, and before the entry is overwritten. No CPU has a translation
 * of it then, or this CPU alone has one, whose flush is left for later. `invalidate` is the port's
 * instruction for this level. */
static inline void clear_begin(struct mm *mm, vaddr_t va, entry_t *ep,
			       void (*invalidate)(entry_t *ep, vaddr_t va))
{
	atomic_or(&mm->clearers, BIT(cpu_id()));
	if (guard(clear_mb))
		smp_mb();
	if (attached_here_only(mm)) {
		race_point(clear_deferring);
		WRITE_ONCE(mm->flush_pending, true);
	} else if (guard(invalidate_at_clear)) {
		invalidate(ep, va);
	}
}

/* Call after the entry was overwritten. */
static inline void clear_end(struct mm *mm)
{
	if (guard(cleared_wmb))
		smp_wmb();
	atomic_and(&mm->clearers, ~BIT(cpu_id()));
}

/* Adds the hardware's marks in `seen`, made until the entry was invalid. */
static inline pte_t with_marks_of(pte_t pte, pte_t seen)
{
	pte.word[PRESENT_WORD] |=
		seen.word[PRESENT_WORD] & ~entry_without_ad(seen).word[PRESENT_WORD];
	return pte;
}

/* Call with the table's lock held. `none` is stored instead of the entry. Returns the old entry,
 * with every A/D update by hardware. */
static inline entry_t clear_attached(struct mm *mm, vaddr_t va, entry_t *ep, entry_t none,
				     void (*invalidate)(entry_t *ep, vaddr_t va))
{
	entry_t old = entry_read(ep);

	clear_begin(mm, va, ep, invalidate);
	if (CAP_HW_AD)
		old = with_marks_of(old, entry_read(ep));
	entry_write_word(ep, PRESENT_WORD, none.word[PRESENT_WORD]);
	clear_end(mm);
	race_value(clear_done, entry_value(old));
	return old;
}

/* Empties the slot of va and returns its old entry, with every A/D update by hardware. */
static inline pte_t mm_clear_pte(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	if (!CAP_BROADCAST_FLUSH)
		return ptep_get_and_clear(ptep);
	return clear_attached(mm, va, ptep, PTE_NONE, ptep_invalidate);
}

/* As mm_clear_pte(), for the slot pointing to the table of va. */
static inline pmd_t mm_clear_pmd(struct mm *mm, vaddr_t va, pmd_t *pmdp)
{
	if (!CAP_BROADCAST_FLUSH)
		return pmdp_get_and_clear(pmdp);
	return clear_attached(mm, va, pmdp, PMD_NONE, pmdp_invalidate);
}

/* Makes the slot of va present for software and invalid for the hardware. Returns its new value,
 * with every A/D update by hardware. */
static inline pte_t mm_invalidate_pte(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	if (CAP_BROADCAST_FLUSH)
		clear_attached(mm, va, ptep, pte_mkinvalid(entry_read(ptep)), ptep_invalidate);
	if (CAP_HW_WALKER && CAP_HW_AD)
		return invalidate_by_exchange(ptep);
	return ptep_mkinvalid(ptep);
}

/* Performs the flush deferred by earlier clears. Only this CPU had the space then, so the flush is
 * for its own translations. */
static inline void flush_deferred(struct mm *mm)
{
	if (!READ_ONCE(mm->flush_pending))
		return;
	WRITE_ONCE(mm->flush_pending, false);
	if (guard(own_flush))
		tlb_flush_space(mm_root(mm));
}

/* Call after this CPU has set its bit in the mask and before it loads the root. On return, every
 * clear that missed the bit has finished. Interrupts in any state. */
static inline void mm_await_clears(struct mm *mm)
{
	if (CAP_BROADCAST_FLUSH && guard(attach_wait))
		wait_until(!READ_ONCE(mm->clearers), WAIT_CLEAR, READ_ONCE(mm->clearers));
}
