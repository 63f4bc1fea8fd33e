/* SPDX-License-Identifier: MIT */
/*
 * Page tables with made-up numbers, three levels of 32-bit entries, and a frame for each table. One
 * entry type serves all levels. For entries of two words see arch/asm-generic/entry-two-words.h,
 * for spaces with different numbers of levels arch/s390x.
 */
#pragma once

#include "arch/asm-generic/pte.h"
#include "kernel/compiler.h"
#include <asm/atomic.h>
#include <asm/page.h>

#define ENTRY_WORDS  1
#define PRESENT_WORD 0 /* the word with the bit tested by a lockless walker */
#define OTHER_WORD   0 /* not used; ask CAP_SPLIT_ENTRIES before you name it */

typedef u32 entry_word_t;
typedef struct entry {
	entry_word_t word[ENTRY_WORDS];
} entry_t;
_Static_assert(sizeof(entry_t) == 4, "an entry has 32 bits");

typedef entry_t pgd_t, p4d_t, pud_t, pmd_t, pte_t;

#include "arch/asm-generic/pgtable-nopud.h"

#define PGDIR_SHIFT 30
#define PMD_SHIFT   22

#define PTRS_PER_PGD 4u
#define PTRS_PER_PMD 256u
#define PTRS_PER_PTE 1024u

/* User space is [0, USER_END). */
#define USER_END 0xc0000000ul
/* The number of top-level entries to populate in a new space, if the CPU keeps copies of them. */
#define PREALLOCATED_PMDS 0u

/* The value of an empty slot, by level, and in the top-level table of a new space. */
#define ENTRY_NONE ((entry_t){{0}})
#define PTE_NONE   ENTRY_NONE
#define PMD_NONE   ENTRY_NONE
#define PUD_NONE   ENTRY_NONE
#define P4D_NONE   ENTRY_NONE
#define ROOT_NONE  ENTRY_NONE

/* For ports with CAP_SPLIT_ENTRIES. */
#define SWAP_OTHER_WORD 0
#define SPLIT_PFN_SHIFT 20

/* Questions about an entry. Present is the bit for software, see pte_mkinvalid(). */
bool entry_present(entry_t e);
bool entry_none(entry_t e);
bool entry_same(entry_t a, entry_t b);
/* A large page instead of a table. */
bool entry_leaf(entry_t e);
pfn_t entry_pfn(entry_t e);
/* Returns the entry without the bits that hardware may write at any time. */
entry_t entry_without_ad(entry_t e);
u64 entry_value(entry_t e);
entry_t entry_from_value(u64 value);
bool pte_dirty(pte_t pte);
bool pte_young(pte_t pte);
bool pte_exec(pte_t pte);
/* Present, the user's, and writable if `write`, in one test. Linux pte_access_permitted(). */
bool pte_access_permitted(pte_t pte, bool write);

/* Making entries. prot is PTE_WRITE and its kin. */
pte_t mk_pte(pfn_t pfn, u32 prot);
/* A slot's value while its page is in swap, not present to software or to hardware. */
pte_t mk_swap(u32 type, u32 offset);
u32 pte_swap_type(pte_t pte);
u32 pte_swap_offset(pte_t pte);
/*
 * The result still names its frame to software, but the hardware faults on it. Linux
 * pmd_mkinvalid().
 */
pte_t pte_mkinvalid(pte_t pte);
/* An entry with one right or mark less, or more. Linux's names. */
pte_t pte_wrprotect(pte_t pte);
pte_t pte_mkwrite(pte_t pte);
pte_t pte_mkclean(pte_t pte);
pte_t pte_mkold(pte_t pte);
/* Replaces the rights, PTE_USER and its kin. The frame and the marks stay. Without PTE_USER the
 * entry is present for software alone. */
pte_t pte_modify(pte_t pte, u32 rights);
/* The result points to a table of the level below. */
pgd_t mk_pgd(pfn_t table);
pmd_t mk_pmd(pfn_t table);
/* Folded levels have no table of their own. The entry above serves for them. */
#define mk_p4d mk_pgd
#define mk_pud mk_pgd

/* Exchanges the entry as one object, by one access with full order. Returns the old value. */
entry_t entry_xchg(entry_t *ep, entry_t value);
entry_t entry_cmpxchg(entry_t *ep, entry_t expected, entry_t value);
/* The same for one word of it. */
entry_word_t entry_xchg_word(entry_t *ep, unsigned n, entry_word_t value);

/* Declared and not defined. Other caps than those of caps.h want them, see docs/porting.md. */
entry_t entry_read_atomic(entry_t *ep);
pte_t ptep_mkinvalid(pte_t *ptep);
pte_t pte_mark(pte_t pte, bool write);
entry_word_t entry_cmpxchg_word(entry_t *ep, unsigned n, entry_word_t expected, entry_word_t value);

#include "arch/asm-generic/table-one-frame.h"

/* Fills the entries shared by every space in a fresh, cleared top-level table. */
void pgd_init_kernel(pgd_t *pgd);
/* Loads the translation root on this CPU and drops its translations. A full barrier. */
void pgd_load(paddr_t root);
/* Returns the root of the kernel's own space, without user mappings. */
paddr_t pgd_kernel(void);
