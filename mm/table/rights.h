/* SPDX-License-Identifier: MIT */
/*
 * Changes rights and marks of present entries in place, where they stand.
 *
 * On ports with entries of two words, an entry must not pass through "none" on the way. It would be
 * present, none and present again with no flush between, and a lockless reader with a half of the
 * old entry in hand would take a half of nothing with it (tests/pte/protect_tear.c). So an entry is
 * exchanged whole where the port can do so, and else word by word.
 *
 * Hardware, or a TLB handler, marks an entry young and dirty without its table's lock. So each
 * change is a compare-exchange, and is done again if a mark came in between. Linux
 * ptep_set_wrprotect() (x86) is one as well.
 *
 * On ports with CAP_BROADCAST_FLUSH, "in place" means that the entry is made invalid on every CPU
 * and then stored (mm/table/clear.h). Between the two an access of another CPU faults, and
 * mm_fault() waits for the lock.
 *
 * The flush rule is as follows. A caller that takes a right or a mark away flushes before the
 * table's lock drops. If it only gives one, no flush is needed. A translation stricter than its
 * entry ends in a fault, and mm_fault() finds the fault spurious. The fault has dropped the
 * translation (asm/tlb.h).
 */
#pragma once

#include "mm/table/mm_struct.h"

/*
 * Leaf operations. Call them with the table's lock held, on a present entry. They return the
 * entry as it was when it changed, with all its marks. flush_rights() comes before the lock drops.
 */

/* Gives the entry these rights, PTE_USER and its kin. Linux ptep_modify_prot_start() and
 * ptep_modify_prot_commit(). */
pte_t ptep_modify(struct mm *mm, vaddr_t va, pte_t *ptep, u32 rights);
/* Takes the right to store. Linux ptep_set_wrprotect(). */
pte_t ptep_set_wrprotect(struct mm *mm, vaddr_t va, pte_t *ptep);
/* The same, and the entry is clean as well. What it returns says whether it was. */
pte_t ptep_set_wrprotect_clean(struct mm *mm, vaddr_t va, pte_t *ptep);
/* Gives it for the store that is made next. If neither the hardware nor a TLB handler marks entries
 * (CAP_HW_AD is 0), the entry is marked for this store as well, so that it does not fault again. */
pte_t ptep_set_write(struct mm *mm, vaddr_t va, pte_t *ptep);
/* Returns whether the entry was dirty. It is clean now, and the first store after the flush makes
 * it dirty again. */
bool ptep_test_and_clear_dirty(struct mm *mm, vaddr_t va, pte_t *ptep);
/* Returns whether the entry was young. A CPU with a translation does not mark it again, so flush
 * where that matters. Linux x86 does not. */
bool ptep_test_and_clear_young(struct mm *mm, vaddr_t va, pte_t *ptep);
/* Marks an entry for a permitted access if neither the hardware nor a TLB handler does (CAP_HW_AD
 * is 0). Does nothing on other ports. */
void ptep_set_access_flags(struct mm *mm, vaddr_t va, pte_t *ptep, bool write);

/* Flushes [start, end) if anything was taken away there. If nothing was, it only performs the flush
 * that earlier changes deferred. */
void flush_rights(struct mm *mm, vaddr_t start, vaddr_t end, bool taken);

/* In place of PTE_WRITE. An entry with the right to store keeps it, and no other gets it. The page
 * of another entry may be shared, and a store to it faults (mm/fault/wp.c). */
#define PTE_KEEP_WRITE BIT(31)

/* Gives all present entries of [start, end) these rights, table by table, each under its lock. On
 * return no CPU has more. The flush comes after the change of a table's entries, because a CPU may
 * fill its TLB from the old entry at any time before. start and end are page-aligned. Linux
 * change_protection(). */
void protect_page_range(struct mm *mm, vaddr_t start, vaddr_t end, u32 rights);
