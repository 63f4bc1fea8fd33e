/* SPDX-License-Identifier: MIT */
/*
 * Page tables of always three levels, with p4d and pud folded into pgd, one entry of the same
 * shift. Include it in asm/pgtable.h of such ports, behind entry_t. The name is Linux's.
 */
#pragma once

#define PTRS_PER_P4D 1u
#define PTRS_PER_PUD 1u
#define P4D_SHIFT    PGDIR_SHIFT
#define PUD_SHIFT    PGDIR_SHIFT

/* The shift of the top level, from its table's contents, and the end of the user space below it.
 * Here all spaces have the same, and nothing is read. */
#define pgd_shift(pgd) ((void)sizeof(pgd), PGDIR_SHIFT)
#define user_end(pgd)  ((void)sizeof(pgd), USER_END)

/* Always folded (a constant the compiler sees), or folded for this entry (never, here). */
#define P4D_FOLDED		   1
#define PUD_FOLDED		   1
#define PMD_FOLDED		   0
#define entry_folds_p4d(pgd_value) ((void)(pgd_value), true)
#define entry_folds_pud(p4d_value) ((void)(p4d_value), true)
#define entry_folds_pmd(pud_value) ((void)(pud_value), false)
/* The address bits below the index of an entry at the level with that shift. */
#define entry_shift(e, level_shift) ((void)(e), (level_shift))

/* For ports with CAP_DYNAMIC_FOLDING, see mm/space/upgrade.c. Declared and not defined. */
entry_t root_above_none(pgd_t *pgd);
entry_t mk_root_above(pgd_t *pgd, pfn_t table);
