/* SPDX-License-Identifier: MIT */
/*
 * Page tables: ours alone, walked by our own TLB handlers, so their form is a choice. Three levels
 * of 64-bit entries (xpa.h), as PAE has them: 4 entries of 512 MiB cover the 2 GiB of KUSEG.
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

/* User space is [0, USER_END), KUSEG; the kernel needs no entries. */
#define USER_END KERNEL_BASE
/* Every walk reads the top-level table in memory. */
#define PREALLOCATED_PMDS 0u

#define mk_pgd xpa_table_entry
#define mk_pmd xpa_table_entry
/* Folded levels have no table of their own: the entry above serves. */
#define mk_p4d mk_pgd
#define mk_pud mk_pgd

#define entry_xchg_word(ep, n, value) atomic_xchg(&(ep)->word[n], (value))
#define entry_cmpxchg_word(ep, n, expected, value)                                                 \
	atomic_cmpxchg(&(ep)->word[n], (expected), (value))

#include <asm/xpa_change.h>

/* There is no access to an entry as one object. Not defined: whoever names these asks CAP_ATOMIC64
 * first. */
entry_t entry_read_atomic(entry_t *ep);
entry_t entry_xchg(entry_t *ep, entry_t value);
entry_t entry_cmpxchg(entry_t *ep, entry_t expected, entry_t value);
/* Nor this: the TLB handlers mark entries, whoever has the page-table lock. */
pte_t pte_mark(pte_t pte, bool write);

/* Fills the entries of a fresh, cleared top-level table that every space shares: none. */
static inline void pgd_init_kernel(pgd_t *pgd)
{
	(void)pgd;
}

/* Loads the translation root on this CPU, under an ASID that no translation of this CPU's TLB has:
 * what it holds of other spaces, and of this one from before, is out of use. A full barrier. */
void pgd_load(paddr_t root);
/* The root of the kernel's own space: no user mappings. */
paddr_t pgd_kernel(void);
