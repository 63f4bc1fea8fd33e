/* SPDX-License-Identifier: MIT */
/*
 * Region-, segment- and page-table entries (Principles of Operation, chapter 3, "Dynamic Address
 * Translation"). They are 64-bit words, fetched and stored as one.
 *
 * A space has two to five levels. The type of its top-level table is in the ASCE. Every entry of a
 * region or segment table, valid or not, has the type of its table. So if a walker finds an entry
 * of a lower type than its level, this level is folded. Linux s390 has pgd_offset_raw() and
 * p4d_offset_lockless() for it.
 *
 *	pgd	region-first table	2^53 bytes an entry	2048 entries, 16 KiB
 *	p4d	region-second table	2^42			the same
 *	pud	region-third table	2^31			the same
 *	pmd	segment table		2^20			the same
 *	pte	page table		2^12			256 entries
 */
#pragma once

#include "arch/asm-generic/pte.h"
#include "kernel/compiler.h"
#include "kernel/hooks/guard.h"
#include <asm/atomic.h>
#include <asm/page.h>

#define ENTRY_WORDS  1
#define PRESENT_WORD 0
#define OTHER_WORD   0 /* not there, so check CAP_SPLIT_ENTRIES before any use */

typedef u64 entry_word_t;
typedef struct entry {
	entry_word_t word[ENTRY_WORDS];
} __aligned(8) entry_t;
_Static_assert(sizeof(entry_t) == 8, "an entry has 64 bits");

typedef entry_t pgd_t, p4d_t, pud_t, pmd_t, pte_t;

#define PGDIR_SHIFT 53
#define P4D_SHIFT   42
#define PUD_SHIFT   31
#define PMD_SHIFT   20

#define PTRS_PER_PGD 2048u
#define PTRS_PER_P4D 2048u
#define PTRS_PER_PUD 2048u
#define PTRS_PER_PMD 2048u
#define PTRS_PER_PTE 256u

/* The compiler knows of no folded level, because only the entry tells. */
#define P4D_FOLDED 0
#define PUD_FOLDED 0
#define PMD_FOLDED 0

/* Entries of upper levels change under any CPU. */
#define PREALLOCATED_PMDS 0u

/* The present bit for software in all entries. In a region-table entry it is a bit of the table
 * length, which is 3 for each of our tables, and 0 without a table. In the others hardware ignores
 * it. */
#define S390_PRESENT 0x001ul
/* Upper levels */
#define S390_TABLE_LENGTH  0x003ul
#define S390_TYPE	   0x00cul
#define S390_TYPE_SHIFT	   2
#define S390_TABLE_INVALID 0x020ul
/* Page-table entries, first hardware's bits, then those it ignores */
#define S390_PAGE_INVALID 0x400ul
#define S390_PAGE_PROTECT 0x200ul
#define S390_PAGE_NX	  0x100ul
#define S390_PAGE_WRITE	  0x002ul
#define S390_PAGE_USER	  0x004ul
#define S390_PAGE_YOUNG	  0x008ul
#define S390_PAGE_DIRTY	  0x010ul

#define S390_FRAME (~0xffful)

/* Of a swap entry */
#define S390_SWAP_TYPE_SHIFT 1
#define S390_SWAP_TYPE	     0x7ful
_Static_assert(!((S390_SWAP_TYPE << S390_SWAP_TYPE_SHIFT | S390_PAGE_INVALID) & S390_PRESENT),
	       "a swap entry is not present");
_Static_assert(!(S390_SWAP_TYPE << S390_SWAP_TYPE_SHIFT &
		 (S390_PAGE_INVALID | S390_PAGE_PROTECT | S390_PAGE_NX)),
	       "its type changes none of the hardware's bits");

/* Levels above the segment table, in the numbers of the type bits. */
enum table_type {
	TABLE_SEGMENT,
	TABLE_REGION3,
	TABLE_REGION2,
	TABLE_REGION1,
};

/* Returns S390_PAGE_NX if the CPU has the instruction-execution-protection facility and it is on.
 * Otherwise the bit is reserved, so returns 0. */
u64 s390_page_nx(void);

static inline u64 entry_value(entry_t e)
{
	return e.word[0];
}

static inline entry_t entry_from_value(u64 value)
{
	return (entry_t){{value}};
}

static inline u64 table_type_bits(enum table_type type)
{
	return (u64)type << S390_TYPE_SHIFT;
}

/* Takes an entry of a region or segment table. */
static inline enum table_type entry_type(entry_t e)
{
	return (enum table_type)((e.word[0] & S390_TYPE) >> S390_TYPE_SHIFT);
}

#define entry_folds_p4d(pgd_value) (entry_type(pgd_value) < TABLE_REGION1)
#define entry_folds_pud(p4d_value) (entry_type(p4d_value) < TABLE_REGION2)
#define entry_folds_pmd(pud_value) (entry_type(pud_value) < TABLE_REGION3)

/* Returns the number of address bits below an index into a table of this type. */
static inline unsigned table_shift(enum table_type type)
{
	return PMD_SHIFT + 11 * (unsigned)type;
}

/* As table_shift(), by the entry's own type. */
#define entry_shift(e, level_shift) ((void)(level_shift), table_shift(entry_type(e)))

/* Returns the shift of the top level, by the type in its first entry. */
static inline unsigned pgd_shift(pgd_t *pgd)
{
	return table_shift(entry_type((entry_t){{READ_ONCE(pgd->word[0])}}));
}

/* Returns the end of the user space below a top-level table. For a region-first table it would be
 * 2^64, so there the last page is left out. */
static inline vaddr_t user_end(pgd_t *pgd)
{
	unsigned shift = pgd_shift(pgd);

	return shift == PGDIR_SHIFT ? (vaddr_t)-PAGE_SIZE : (vaddr_t)PTRS_PER_PGD << shift;
}

/* The content of an empty slot. */
#define PTE_NONE   entry_from_value(S390_PAGE_INVALID)
#define ENTRY_NONE PTE_NONE

static inline entry_t table_none(enum table_type type)
{
	return entry_from_value(table_type_bits(type) | S390_TABLE_INVALID);
}

#define PMD_NONE table_none(TABLE_SEGMENT)
#define PUD_NONE table_none(TABLE_REGION3)
#define P4D_NONE table_none(TABLE_REGION2)

/* The type of a new space's top-level table, by choice.levels=. */
static inline enum table_type root_type(void)
{
	if (choice_is(levels, two))
		return TABLE_SEGMENT;
	if (choice_is(levels, four))
		return TABLE_REGION2;
	return choice_is(levels, five) ? TABLE_REGION1 : TABLE_REGION3;
}
#define ROOT_NONE table_none(root_type())

static inline bool entry_present(entry_t e)
{
	return e.word[0] & S390_PRESENT;
}

/* Works for any level. A swap entry has S390_PAGE_INVALID, so it never has the bits of an empty
 * slot in an upper table. */
static inline bool entry_none(entry_t e)
{
	return e.word[0] == S390_PAGE_INVALID || (e.word[0] & ~S390_TYPE) == S390_TABLE_INVALID;
}

static inline bool entry_same(entry_t a, entry_t b)
{
	return a.word[0] == b.word[0];
}

/* Hardware writes to no entry. */
static inline entry_t entry_without_ad(entry_t e)
{
	return e;
}

static inline pfn_t entry_pfn(entry_t e)
{
	return (pfn_t)(e.word[0] >> PAGE_SHIFT);
}

/* Returns the address of the table below a present entry of an upper level. A page table takes the
 * lower half of a frame. */
static inline paddr_t entry_table_pa(entry_t e)
{
	return e.word[0] & S390_FRAME;
}

static inline u64 bits_if(bool wanted, u64 bits)
{
	return wanted ? bits : 0;
}

/* Sets the hardware's bits by software's. Hardware marks no entry, so an access that needs a mark
 * has to fault. Any access faults in an entry that is not young, and a store in one that is not
 * dirty. Linux s390. */
static inline pte_t pte_with_hardware_bits(u64 value)
{
	u64 stores = S390_PAGE_WRITE | S390_PAGE_DIRTY;

	value &= ~(S390_PAGE_INVALID | S390_PAGE_PROTECT);
	return entry_from_value(value | bits_if(!(value & S390_PAGE_YOUNG), S390_PAGE_INVALID) |
				bits_if((value & stores) != stores, S390_PAGE_PROTECT));
}

static inline pte_t mk_pte(pfn_t pfn, u32 prot)
{
	return pte_with_hardware_bits((u64)pfn << PAGE_SHIFT | S390_PRESENT |
				      bits_if(prot & PTE_WRITE, S390_PAGE_WRITE) |
				      bits_if(prot & PTE_USER, S390_PAGE_USER) |
				      bits_if(prot & PTE_YOUNG, S390_PAGE_YOUNG) |
				      bits_if(prot & PTE_DIRTY, S390_PAGE_DIRTY) |
				      bits_if(!(prot & PTE_EXEC), s390_page_nx()));
}

static inline bool pte_dirty(pte_t pte)
{
	return pte.word[0] & S390_PAGE_DIRTY;
}

static inline bool pte_young(pte_t pte)
{
	return pte.word[0] & S390_PAGE_YOUNG;
}

static inline bool pte_exec(pte_t pte)
{
	return !(pte.word[0] & S390_PAGE_NX);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return entry_from_value((pte.word[0] & ~S390_PAGE_WRITE) | S390_PAGE_PROTECT);
}

static inline pte_t pte_mkwrite(pte_t pte)
{
	u64 value = pte.word[0] | S390_PAGE_WRITE;

	return entry_from_value(pte_dirty(pte) ? value & ~S390_PAGE_PROTECT : value);
}

static inline pte_t pte_mkclean(pte_t pte)
{
	return entry_from_value((pte.word[0] & ~S390_PAGE_DIRTY) | S390_PAGE_PROTECT);
}

static inline pte_t pte_mkold(pte_t pte)
{
	return entry_from_value((pte.word[0] & ~S390_PAGE_YOUNG) | S390_PAGE_INVALID);
}

/* Young, and dirty if `write`, which the entry permits. Linux pte_mkyoung(), pte_mkdirty(). */
static inline pte_t pte_mark(pte_t pte, bool write)
{
	return pte_with_hardware_bits(pte.word[0] | S390_PAGE_YOUNG |
				      bits_if(write, S390_PAGE_DIRTY));
}

/* Replaces the rights, PTE_USER and its kin. The frame and the marks stay. Without PTE_USER the
 * entry is present for software alone. Linux pte_modify(). */
static inline pte_t pte_modify(pte_t pte, u32 rights)
{
	u64 value = pte.word[0] & ~(S390_PAGE_WRITE | S390_PAGE_USER | S390_PAGE_NX);

	pte = pte_with_hardware_bits(value | bits_if(rights & PTE_WRITE, S390_PAGE_WRITE) |
				     bits_if(rights & PTE_USER, S390_PAGE_USER) |
				     bits_if(!(rights & PTE_EXEC), s390_page_nx()));
	return entry_from_value(pte.word[0] | bits_if(!(rights & PTE_USER), S390_PAGE_INVALID));
}

/* The hardware faults on the result, but software still finds the frame in it. An entry that is not
 * present becomes one that looks as if it were. The result is young, which tells it from an entry
 * that only lacks that mark. Linux pmd_mkinvalid(). */
static inline pte_t pte_mkinvalid(pte_t pte)
{
	return entry_from_value(pte.word[0] | S390_PAGE_INVALID | S390_PAGE_YOUNG | S390_PRESENT);
}

/* The slot's content for a page in swap, with the type in bits 7:1 and the offset from bit 12 on.
 * The page-invalid bit is one, so hardware does not use the entry (chapter 3, "Page-Table
 * Entries"), and software's present bit is 0. Linux s390 sets the protection bit as well, and tells
 * swap entries by the two (pte_swap()). Ours are what is neither present nor empty. */
static inline pte_t mk_swap(u32 type, u32 offset)
{
	return entry_from_value((u64)offset << PAGE_SHIFT |
				(type & S390_SWAP_TYPE) << S390_SWAP_TYPE_SHIFT |
				S390_PAGE_INVALID);
}

/* The type and the offset in a swap entry. Linux __swp_type(), __swp_offset(). */
static inline u32 pte_swap_type(pte_t pte)
{
	return (u32)(pte.word[0] >> S390_SWAP_TYPE_SHIFT) & S390_SWAP_TYPE;
}

static inline u32 pte_swap_offset(pte_t pte)
{
	return (u32)(pte.word[0] >> PAGE_SHIFT);
}

/* For ports with CAP_SPLIT_ENTRIES. */
#define SWAP_OTHER_WORD 0
#define SPLIT_PFN_SHIFT 20

/* Tests in one step for present, the user's, and, if `write`, writable. Linux
 * pte_access_permitted(). */
static inline bool pte_access_permitted(pte_t pte, bool write)
{
	u64 need = S390_PRESENT | S390_PAGE_USER | bits_if(write, S390_PAGE_WRITE);

	return (pte.word[0] & need) == need;
}

/* Make entries of an upper level with a table of the level below. */
static inline entry_t mk_table(enum table_type type, pfn_t table)
{
	return entry_from_value((u64)table << PAGE_SHIFT | table_type_bits(type) |
				(type == TABLE_SEGMENT ? S390_PRESENT : S390_TABLE_LENGTH));
}

static inline pmd_t mk_pmd(pfn_t table)
{
	return mk_table(TABLE_SEGMENT, table);
}

static inline pud_t mk_pud(pfn_t table)
{
	return mk_table(TABLE_REGION3, table);
}

static inline p4d_t mk_p4d(pfn_t table)
{
	return mk_table(TABLE_REGION2, table);
}

static inline pgd_t mk_pgd(pfn_t table)
{
	return mk_table(TABLE_REGION1, table);
}

/* Return the empty slot and the entry for a table on top of the one at pgd. There is none on top of
 * a region-first table. */
static inline entry_t root_above_none(pgd_t *pgd)
{
	return table_none(entry_type(*pgd) + 1);
}

static inline entry_t mk_root_above(pgd_t *pgd, pfn_t table)
{
	return mk_table(entry_type(*pgd) + 1, table);
}

/* Returns the number of adjoining frames of a table with such empty slots, a power of two. */
static inline unsigned table_frames(entry_t none)
{
	return none.word[0] & S390_PAGE_INVALID ? 1 : 4;
}

/* Makes the frames a table of empty slots with the content `none`. */
void table_init(void *page, entry_t none);

/* A large page in place of a table. The lab makes none. */
static inline bool entry_leaf(entry_t e)
{
	(void)e;
	return false;
}

#define entry_xchg_word(ep, n, value) entry_xchg((ep), entry_from_value(value)).word[0]

/* Compares and stores with full order. Returns the old value. */
static inline entry_t entry_cmpxchg(entry_t *ep, entry_t expected, entry_t value)
{
	__asm__ __volatile__("csg %0,%2,%1"
			     : "+d"(expected.word[0]), "+S"(ep->word[0])
			     : "d"(value.word[0])
			     : "memory", "cc");
	return expected;
}

static inline entry_t entry_read_atomic(entry_t *ep)
{
	return entry_from_value(entry_read_word(ep, 0));
}

/* After this many refusals in a row, which no other CPU explains, the kernel panics. */
#define EXCHANGES_MOST 10000000u
_Noreturn void entry_exchange_failed(const entry_t *ep);

static inline entry_t entry_xchg(entry_t *ep, entry_t value)
{
	entry_t old = entry_read_atomic(ep), seen;

	for (u32 n = 0; !entry_same(seen = entry_cmpxchg(ep, old, value), old); n++) {
		old = seen;
		if (unlikely(n == EXCHANGES_MOST))
			entry_exchange_failed(ep);
	}
	return old;
}

/* Applies pte_mkinvalid() to the entry in its slot, and returns the new value. No CPU has a
 * translation of it, see mm/table/clear.h. */
static inline pte_t ptep_mkinvalid(pte_t *ptep)
{
	pte_t pte = pte_mkinvalid(entry_read_atomic(ptep));

	entry_write_word(ptep, 0, pte.word[0]);
	return pte;
}

/* Declared and nowhere defined: an entry has one word. */
entry_word_t entry_cmpxchg_word(entry_t *ep, unsigned n, entry_word_t expected, entry_word_t value);

/* Declared and not defined, because an entry has one word. */
entry_word_t entry_cmpxchg_word(entry_t *ep, unsigned n, entry_word_t expected, entry_word_t value);

/* User space has tables of its own without anything of the kernel's. */
static inline void pgd_init_kernel(pgd_t *pgd)
{
	(void)pgd;
}

/* Loads the space on this CPU, both as the secondary space for try_load() and try_store(), and as
 * the home space for user programs. Drops the CPU's translations. A full barrier. */
void pgd_load(paddr_t root);
/* Returns the root of a space without user mappings. */
paddr_t pgd_kernel(void);
