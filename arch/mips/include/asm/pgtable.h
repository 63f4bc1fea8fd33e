/* SPDX-License-Identifier: MIT */
/*
 * Page tables. Only our own TLB handlers walk them, so we chose their form. They have three levels
 * of 64-bit entries (xpa.h), as with PAE, and 4 entries of 512 MiB cover the 2 GiB of KUSEG.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/atomic.h>
#include <asm/page.h>
#include <asm/xpa.h>
#include "arch/asm-generic/pgtable-nopud.h"
#include "arch/asm-generic/table-one-frame.h"

/* Levels. */
#define PGDIR_SHIFT 29
#define PMD_SHIFT   21

#define PTRS_PER_PGD 4u
#define PTRS_PER_PMD 256u
#define PTRS_PER_PTE 512u

/* User space is KUSEG, [0, USER_END). The kernel needs no entries. */
#define USER_END KERNEL_BASE
/* Every walk reads the top-level table in memory. */
#define PREALLOCATED_PMDS 0u

#define mk_pgd xpa_table_entry
#define mk_pmd xpa_table_entry
/* Folded levels have no table of their own. The entry above serves for them. */
#define mk_p4d mk_pgd
#define mk_pud mk_pgd

#define entry_xchg_word(ep, n, value) atomic_xchg(&(ep)->word[n], (value))
#define entry_cmpxchg_word(ep, n, expected, value)                                                 \
	atomic_cmpxchg(&(ep)->word[n], (expected), (value))

#include <asm/xpa_change.h>

/* There is no access to an entry as one object. These are declared and not defined, so ask
 * CAP_ATOMIC64 before you name them. */
entry_t entry_read_atomic(entry_t *ep);
entry_t entry_xchg(entry_t *ep, entry_t value);
entry_t entry_cmpxchg(entry_t *ep, entry_t expected, entry_t value);
/* Nor this: the TLB handlers mark entries, whoever has the page-table lock. */
pte_t pte_mark(pte_t pte, bool write);

/* Spaces share no entries, so a fresh top-level table gets none from the kernel. */
static inline void pgd_init_kernel(pgd_t *pgd)
{
	(void)pgd;
}

/* Loads the translation root on this CPU, under an ASID that no translation in this CPU's TLB has.
 * So translations of other spaces, and old ones of this space, are out of use. A full barrier. */
void pgd_load(paddr_t root);
/* Returns the root of the kernel's own space, without user mappings. */
paddr_t pgd_kernel(void);
