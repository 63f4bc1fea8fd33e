/* SPDX-License-Identifier: MIT */
/*
 * Entries of the XPA layout have 64 bits in two words, as in Linux's mips where a physical address
 * has 40 bits (arch/mips/include/asm/pgtable-bits.h; MIPS32 volume III, EntryLo0/1).
 *
 *	word 0	software's, with PRESENT and the other bits tested by walkers; bits 23:0 are the
 *		frame number's upper half
 *	word 1	EntryLo, if rotated right by two, with valid, dirty (writable), global, cache
 *		attribute, the frame number's lower 24 bits, and the two inhibit bits
 *
 * So a lockless walker tests a bit in one word, and the TLB obeys a bit in the other. Each word
 * also has a part of the frame number, so two words of different moments give a wrong address.
 * These are pure functions of values, and arch/model compiles them too.
 */
#pragma once

#include "arch/asm-generic/entry-two-words.h"

/* One word holds the frame number's bits from here on, the other word the bits below. */
#define SPLIT_PFN_SHIFT 24

/* Word 0 */
#define XPA_PFNX     0x00ffffffu
#define XPA_PRESENT  BIT(24)
#define XPA_WRITE    BIT(25)
#define XPA_ACCESSED BIT(26)
#define XPA_MODIFIED BIT(27)
#define XPA_NO_USER  BIT(28) /* no rights at all, set by pte_modify() alone */
/* Word 1 */
#define XPA_XI		BIT(0) /* EntryLo 30, no execute */
#define XPA_RI		BIT(1) /* EntryLo 31, no read. Set in entries made invalid */
#define XPA_G		BIT(2)
#define XPA_V		BIT(3)
#define XPA_D		BIT(4)
#define XPA_C_SHIFT	5
#define XPA_C_COHERENT	(5u << XPA_C_SHIFT) /* P5600 (cached, coherent, exclusive on write) */
#define XPA_C_UNCACHED	(2u << XPA_C_SHIFT)
#define XPA_C_MASK	(7u << XPA_C_SHIFT)
#define XPA_PFN_SHIFT	8
#define XPA_ENTRYLO_ROR 2

/* Swap entries, see mk_swap() */
#define XPA_SWAP_TYPE_SHIFT 25
#define XPA_SWAP_TYPE	    0x1fu
/* A swap entry's word without the present bit, all offset bits set. */
#define SWAP_OTHER_WORD 0xffffff00u
_Static_assert(!((XPA_SWAP_TYPE << XPA_SWAP_TYPE_SHIFT | XPA_PFNX) & XPA_PRESENT),
	       "a swap entry is not present");
_Static_assert(!(SWAP_OTHER_WORD & (XPA_V | XPA_D | XPA_G | XPA_RI | XPA_XI)),
	       "the TLB's half of a swap entry is invalid, and makes no pair global");

static inline bool entry_present(entry_t e)
{
	return e.word[PRESENT_WORD] & XPA_PRESENT;
}

/* An empty slot next to a global one keeps the bit that makes the pair global. */
static inline bool entry_none(entry_t e)
{
	return !(e.word[0] | (e.word[1] & ~XPA_G));
}

/* Returns the entry without the bits that the TLB handlers may set without the page-table lock. */
static inline entry_t entry_without_ad(entry_t e)
{
	e.word[0] &= ~(XPA_ACCESSED | XPA_MODIFIED);
	e.word[1] &= ~(XPA_V | XPA_D);
	return e;
}

static inline pfn_t entry_pfn(entry_t e)
{
	return e.word[1] >> XPA_PFN_SHIFT | e.word[0] << SPLIT_PFN_SHIFT;
}

/* All user-space mappings are the user's, so PTE_USER changes nothing. */
static inline pte_t mk_pte(pfn_t pfn, u32 prot)
{
	u32 low = pfn >> SPLIT_PFN_SHIFT | XPA_PRESENT;
	u32 high = pfn << XPA_PFN_SHIFT | XPA_C_COHERENT;

	low |= prot & PTE_WRITE ? XPA_WRITE : 0;
	low |= prot & PTE_YOUNG ? XPA_ACCESSED : 0;
	low |= prot & PTE_DIRTY ? XPA_MODIFIED : 0;
	high |= prot & PTE_YOUNG ? XPA_V : 0;
	high |= prot & PTE_WRITE && prot & PTE_DIRTY ? XPA_D : 0;
	high |= prot & PTE_EXEC ? 0 : XPA_XI;
	return (pte_t){{low, high}};
}

static inline bool pte_dirty(pte_t pte)
{
	return pte.word[0] & XPA_MODIFIED;
}

static inline bool pte_young(pte_t pte)
{
	return pte.word[0] & XPA_ACCESSED;
}

static inline bool pte_exec(pte_t pte)
{
	return !(pte.word[1] & XPA_XI);
}

/* Returns V and D as the TLB may have them beside this word 0. Each stands for a mark on record,
 * and D for the right to store as well. */
static inline u32 xpa_usable(u32 low)
{
	u32 stores = XPA_WRITE | XPA_MODIFIED;

	return (low & XPA_ACCESSED ? XPA_V : 0) | ((low & stores) == stores ? XPA_D : 0);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	pte.word[0] &= ~XPA_WRITE;
	pte.word[1] &= ~XPA_D;
	return pte;
}

static inline pte_t pte_mkwrite(pte_t pte)
{
	pte.word[0] |= XPA_WRITE;
	if (!(pte.word[1] & XPA_RI))
		pte.word[1] |= xpa_usable(pte.word[0]) & XPA_D;
	return pte;
}

static inline pte_t pte_mkclean(pte_t pte)
{
	pte.word[0] &= ~XPA_MODIFIED;
	pte.word[1] &= ~XPA_D;
	return pte;
}

static inline pte_t pte_mkold(pte_t pte)
{
	pte.word[0] &= ~XPA_ACCESSED;
	pte.word[1] &= ~XPA_V;
	return pte;
}

/* Replaces the rights, PTE_USER and its kin. The frame and the marks stay. Without PTE_USER the
 * entry is present for software alone. Linux pte_modify(). */
static inline pte_t pte_modify(pte_t pte, u32 rights)
{
	pte.word[0] &= ~(XPA_WRITE | XPA_NO_USER);
	pte.word[0] |= rights & PTE_WRITE ? XPA_WRITE : 0;
	pte.word[0] |= rights & PTE_USER ? 0 : XPA_NO_USER;
	pte.word[1] &= ~(XPA_XI | XPA_RI | XPA_V | XPA_D);
	pte.word[1] |= rights & PTE_EXEC ? 0 : XPA_XI;
	pte.word[1] |= rights & PTE_USER ? xpa_usable(pte.word[0]) : XPA_RI;
	return pte;
}

/* The result still names its frame to software, but the TLB faults on it. Linux pmd_mkinvalid(). If
 * pte is not present, the result looks as if it were. */
static inline pte_t pte_mkinvalid(pte_t pte)
{
	pte.word[0] |= XPA_PRESENT;
	pte.word[1] = (pte.word[1] & ~(XPA_V | XPA_D)) | XPA_RI;
	return pte;
}

/* A slot's value while its page is in swap, neither present nor valid. The type is in word 0, and
 * the offset is in place of the frame number, in both words. */
static inline pte_t mk_swap(u32 type, u32 offset)
{
	return (pte_t){{(type & XPA_SWAP_TYPE) << XPA_SWAP_TYPE_SHIFT | offset >> SPLIT_PFN_SHIFT,
			offset << XPA_PFN_SHIFT}};
}

/* The type and the offset in a swap entry. Linux __swp_type(), __swp_offset(). */
static inline u32 pte_swap_type(pte_t pte)
{
	return pte.word[0] >> XPA_SWAP_TYPE_SHIFT & XPA_SWAP_TYPE;
}

static inline u32 pte_swap_offset(pte_t pte)
{
	return pte.word[1] >> XPA_PFN_SHIFT | pte.word[0] << SPLIT_PFN_SHIFT;
}

/* Present, the user's, and writable if `write`, in one test. Linux pte_access_permitted(). */
static inline bool pte_access_permitted(pte_t pte, bool write)
{
	u32 need = XPA_PRESENT | (write ? XPA_WRITE : 0);

	return (pte.word[PRESENT_WORD] & (need | XPA_NO_USER)) == need;
}

/* Returns an entry of any upper level, pointing to a table. */
static inline entry_t xpa_table_entry(pfn_t table)
{
	return (entry_t){{table >> SPLIT_PFN_SHIFT | XPA_PRESENT, table << XPA_PFN_SHIFT | XPA_V}};
}

/* There are no large pages. */
static inline bool entry_leaf(entry_t e)
{
	(void)e;
	return false;
}
