/* SPDX-License-Identifier: MIT */
/*
 * The form of an entry. With MODEL_XPA it is that of arch/mips. Otherwise it is 64 bits, as one or
 * two words:
 *
 *	bit 63 no execute, bits 62:60 level (MODEL_FOLDING), bit 59 large page,
 *	bits 37:6 pfn, bits 5:0 flags.
 *
 * The split is between bits 31 and 32, so a frame below 4 GiB and its decoy above have equal low
 * words.
 *
 * With MODEL_FOLDING an entry has its level in its value, even if it is empty (0 in a pte, 1 in an
 * entry above ptes, ...). The size of a space is the level of the entries at its top.
 */
#pragma once

#include "kernel/compiler.h"
#include "kernel/hooks/guard.h"
#include <asm/caps.h>
#include <asm/levels.h>

#ifdef MODEL_XPA
#include "arch/mips/include/asm/xpa.h"

#define entry_folds_p4d(pgd_value)  ((void)(pgd_value), P4D_FOLDED)
#define entry_folds_pud(p4d_value)  ((void)(p4d_value), PUD_FOLDED)
#define entry_folds_pmd(pud_value)  ((void)(pud_value), false)
#define entry_shift(e, level_shift) ((void)(e), (level_shift))

#define mk_pmd xpa_table_entry
#define mk_pud xpa_table_entry
#define mk_p4d xpa_table_entry
#define mk_pgd xpa_table_entry
#else
#include "arch/asm-generic/pte.h"

#define PRESENT_WORD	0
#define SPLIT_PFN_SHIFT (32 - PAGE_SHIFT)
#ifdef MODEL_SPLIT
#define ENTRY_WORDS 2
#define OTHER_WORD  1
typedef u32 entry_word_t;
#else
#define ENTRY_WORDS 1
#define OTHER_WORD  0 /* not used; ask CAP_SPLIT_ENTRIES before you name it */
typedef u64 entry_word_t;
#endif

typedef struct entry {
	entry_word_t word[ENTRY_WORDS];
} __aligned(8) entry_t;

typedef entry_t pgd_t, p4d_t, pud_t, pmd_t, pte_t;

#define MODEL_P BIT(0)
#define MODEL_W BIT(1)
#define MODEL_U BIT(2)
#define MODEL_A BIT(3)
#define MODEL_D BIT(4)
/* Present to software. The hardware looks at MODEL_P, so an entry can be present and invalid. */
#define MODEL_PRESENT BIT(5)
#define MODEL_LEAF    (1ull << 59)
#define MODEL_NX      (1ull << 63)

static inline u64 entry_value(entry_t e)
{
	return ENTRY_WORDS == 1 ? e.word[0] : (u64)e.word[OTHER_WORD] << 32 | e.word[0];
}

static inline entry_t entry_from_value(u64 value)
{
	entry_t e;

	e.word[OTHER_WORD] = (entry_word_t)(value >> 32);
	e.word[PRESENT_WORD] = (entry_word_t)value;
	return e;
}

/* The level of an entry, above the bits of its address. */
#define MODEL_LEVEL_SHIFT 60
#define MODEL_LEVELS_MAX  5u

#ifdef MODEL_FOLDING
/* The levels of the spaces made by mm_create() from now on, see choice.levels=. */
static inline unsigned model_levels(void)
{
	if (choice_is(levels, two))
		return 2;
	if (choice_is(levels, four))
		return 4;
	return choice_is(levels, five) ? MODEL_LEVELS_MAX : 3;
}

static inline u64 entry_level_bits(unsigned level)
{
	return (u64)level << MODEL_LEVEL_SHIFT;
}

static inline unsigned entry_level(entry_t e)
{
	return (unsigned)(entry_value(e) >> MODEL_LEVEL_SHIFT) & 7;
}
#define entry_folds_p4d(pgd_value) (entry_level(pgd_value) < 4)
#define entry_folds_pud(p4d_value) (entry_level(p4d_value) < 3)
#define entry_folds_pmd(pud_value) (entry_level(pud_value) < 2)
/* The address bits below the index of an entry, by its own level. */
#define entry_shift(e, level_shift) ((void)(level_shift), MODEL_BITS(entry_level(e)))
#else
static inline u64 entry_level_bits(unsigned level)
{
	(void)level;
	return 0;
}
#define entry_folds_p4d(pgd_value)  ((void)(pgd_value), P4D_FOLDED)
#define entry_folds_pud(p4d_value)  ((void)(p4d_value), PUD_FOLDED)
#define entry_folds_pmd(pud_value)  ((void)(pud_value), false)
#define entry_shift(e, level_shift) ((void)(e), (level_shift))
#endif

#define ENTRY_NONE entry_from_value(0)
#define PTE_NONE   ENTRY_NONE
#define PMD_NONE   entry_from_value(entry_level_bits(1))
#define PUD_NONE   entry_from_value(entry_level_bits(2))
#define P4D_NONE   entry_from_value(entry_level_bits(3))

static inline bool entry_present(entry_t e)
{
	return e.word[PRESENT_WORD] & MODEL_PRESENT;
}

static inline bool entry_none(entry_t e)
{
	return !(entry_value(e) & ~entry_level_bits(7));
}

static inline bool entry_same(entry_t a, entry_t b)
{
	return entry_value(a) == entry_value(b);
}

static inline entry_t entry_without_ad(entry_t e)
{
	return entry_from_value(entry_value(e) & ~(u64)(MODEL_A | MODEL_D));
}

static inline pfn_t entry_pfn(entry_t e)
{
	return (pfn_t)(entry_value(e) >> PAGE_SHIFT);
}

static inline pte_t mk_pte(pfn_t pfn, u32 prot)
{
	return entry_from_value((u64)pfn << PAGE_SHIFT | MODEL_P | MODEL_PRESENT |
				(prot & PTE_WRITE ? MODEL_W : 0) | (prot & PTE_USER ? MODEL_U : 0) |
				(prot & PTE_YOUNG ? MODEL_A : 0) |
				(prot & PTE_DIRTY ? MODEL_D : 0) |
				(prot & PTE_EXEC ? 0 : MODEL_NX));
}

/* Present, the user's, and writable if `write`. Linux pte_access_permitted(). */
static inline bool pte_access_permitted(pte_t pte, bool write)
{
	u64 need = MODEL_PRESENT | MODEL_U | (write ? MODEL_W : 0);

	return (entry_value(pte) & need) == need;
}

static inline bool pte_dirty(pte_t pte)
{
	return entry_value(pte) & MODEL_D;
}

static inline bool pte_young(pte_t pte)
{
	return entry_value(pte) & MODEL_A;
}

static inline bool pte_exec(pte_t pte)
{
	return !(entry_value(pte) & MODEL_NX);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return entry_from_value(entry_value(pte) & ~(u64)MODEL_W);
}

static inline pte_t pte_mkwrite(pte_t pte)
{
	return entry_from_value(entry_value(pte) | MODEL_W);
}

static inline pte_t pte_mkclean(pte_t pte)
{
	return entry_from_value(entry_value(pte) & ~(u64)MODEL_D);
}

static inline pte_t pte_mkold(pte_t pte)
{
	return entry_from_value(entry_value(pte) & ~(u64)MODEL_A);
}

/* Replaces the rights, PTE_USER and its kin. The frame, A and D stay. Without PTE_USER the entry is
 * present for software alone. */
static inline pte_t pte_modify(pte_t pte, u32 rights)
{
	u64 value = entry_value(pte) & ~(MODEL_P | MODEL_U | MODEL_W | MODEL_NX);

	return entry_from_value(value | (rights & PTE_USER ? MODEL_P | MODEL_U : 0) |
				(rights & PTE_WRITE ? MODEL_W : 0) |
				(rights & PTE_EXEC ? 0 : MODEL_NX));
}

/* Still names its frame to software, but the hardware faults on it. Linux pmd_mkinvalid(). */
static inline pte_t pte_mkinvalid(pte_t pte)
{
	pte.word[PRESENT_WORD] = (pte.word[PRESENT_WORD] & ~(entry_word_t)MODEL_P) | MODEL_PRESENT;
	return pte;
}

/* The bits not named above are reserved in a present entry. */
#define MODEL_RESERVED (((1ull << 59) - 1) & ~((1ull << 38) - 1))

/* A slot's value while its page is in swap. It has neither present bit, the type in bits 4:1, the
 * offset's bits 25:0 in bits 31:6, and the others in bits 43:38. */
#define MODEL_SWAP_TYPE_SHIFT 1
#define MODEL_SWAP_TYPE	      0xfu
#define MODEL_SWAP_HIGH_SHIFT 38
#define MODEL_SWAP_HIGH	      (0x3full << MODEL_SWAP_HIGH_SHIFT)
/* A swap entry's word without the present bit, with all offset bits set. As a high half it has
 * reserved bits if the other word makes the entry present. */
#define SWAP_OTHER_WORD ((entry_word_t)(MODEL_SWAP_HIGH >> 32))
_Static_assert(!(MODEL_SWAP_TYPE << MODEL_SWAP_TYPE_SHIFT & (MODEL_P | MODEL_PRESENT)),
	       "a swap entry is present neither for hardware nor for software");
_Static_assert(!(MODEL_SWAP_HIGH & ~MODEL_RESERVED), "its upper half names no frame");

static inline pte_t mk_swap(u32 type, u32 offset)
{
	return entry_from_value((u64)(offset >> SPLIT_PFN_SHIFT) << MODEL_SWAP_HIGH_SHIFT |
				(u32)(offset << PAGE_SHIFT) |
				(type & MODEL_SWAP_TYPE) << MODEL_SWAP_TYPE_SHIFT);
}

/* The type and the offset in a swap entry. Linux __swp_type(), __swp_offset(). */
static inline u32 pte_swap_type(pte_t pte)
{
	return (u32)entry_value(pte) >> MODEL_SWAP_TYPE_SHIFT & MODEL_SWAP_TYPE;
}

static inline u32 pte_swap_offset(pte_t pte)
{
	u64 value = entry_value(pte);

	return (u32)value >> PAGE_SHIFT |
	       (u32)((value & MODEL_SWAP_HIGH) >> MODEL_SWAP_HIGH_SHIFT) << SPLIT_PFN_SHIFT;
}

static inline bool entry_leaf(entry_t e)
{
	return entry_value(e) & MODEL_LEAF;
}

static inline entry_t model_table_entry(pfn_t table, unsigned level)
{
	return entry_from_value(entry_level_bits(level) | (u64)table << PAGE_SHIFT | MODEL_P |
				MODEL_PRESENT);
}

static inline pmd_t mk_pmd(pfn_t table)
{
	return model_table_entry(table, 1);
}

static inline pud_t mk_pud(pfn_t table)
{
	return model_table_entry(table, 2);
}

static inline p4d_t mk_p4d(pfn_t table)
{
	return model_table_entry(table, 3);
}

static inline pgd_t mk_pgd(pfn_t table)
{
	return model_table_entry(table, 4);
}
#endif

static inline paddr_t entry_table_pa(entry_t e)
{
	return (paddr_t)entry_pfn(e) << PAGE_SHIFT;
}
