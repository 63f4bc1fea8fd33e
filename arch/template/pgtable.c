/* SPDX-License-Identifier: MIT */
/* Entries, and the root loaded by a CPU. */
#include "arch/template/write_me.h"
#include <asm/pgtable.h>

WRITE_ME(bool, entry_present, (entry_t e))
WRITE_ME(bool, entry_none, (entry_t e))
WRITE_ME(bool, entry_same, (entry_t a, entry_t b))
WRITE_ME(bool, entry_leaf, (entry_t e))
WRITE_ME(pfn_t, entry_pfn, (entry_t e))
WRITE_ME(entry_t, entry_without_ad, (entry_t e))
WRITE_ME(u64, entry_value, (entry_t e))
WRITE_ME(entry_t, entry_from_value, (u64 value))
WRITE_ME(bool, pte_dirty, (pte_t pte))
WRITE_ME(bool, pte_young, (pte_t pte))
WRITE_ME(bool, pte_exec, (pte_t pte))
WRITE_ME(bool, pte_access_permitted, (pte_t pte, bool write))

WRITE_ME(pte_t, mk_pte, (pfn_t pfn, u32 prot))
WRITE_ME(pte_t, mk_swap, (u32 type, u32 offset))
WRITE_ME(u32, pte_swap_type, (pte_t pte))
WRITE_ME(u32, pte_swap_offset, (pte_t pte))
WRITE_ME(pte_t, pte_mkinvalid, (pte_t pte))
WRITE_ME(pte_t, pte_wrprotect, (pte_t pte))
WRITE_ME(pte_t, pte_mkwrite, (pte_t pte))
WRITE_ME(pte_t, pte_mkclean, (pte_t pte))
WRITE_ME(pte_t, pte_mkold, (pte_t pte))
WRITE_ME(pte_t, pte_modify, (pte_t pte, u32 rights))
WRITE_ME(pgd_t, mk_pgd, (pfn_t table))
WRITE_ME(pmd_t, mk_pmd, (pfn_t table))

WRITE_ME(entry_t, entry_xchg, (entry_t *ep, entry_t value))
WRITE_ME(entry_t, entry_cmpxchg, (entry_t *ep, entry_t expected, entry_t value))
WRITE_ME(entry_word_t, entry_xchg_word, (entry_t *ep, unsigned n, entry_word_t value))

WRITE_ME(void, pgd_init_kernel, (pgd_t *pgd))
WRITE_ME(void, pgd_load, (paddr_t root))
WRITE_ME(paddr_t, pgd_kernel, (void))
