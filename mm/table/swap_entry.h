/* SPDX-License-Identifier: MIT */
/*
 * The entry of a page in swap names its slot in the swap area (mm/page/swap.h).
 *
 * A slot has a row and a column. In an entry of two words they lie in its two halves. Both begin
 * with 1, and the type is not 0. So neither half is that of an empty slot, and a reader without the
 * lock does not take half a swap entry and half an empty slot for "empty". It may get the halves of
 * two swap entries. They name a third slot, perhaps one in use, so only readers with the table's
 * lock may go by the slot. In Linux include/linux/swapops.h on PAE the type is in the upper half,
 * and the offset in both.
 *
 * A space without mappings can have entries of other types, made by hand. They name no slot of the
 * area, and nothing is counted for them.
 */
#pragma once

#include <asm/pgtable.h>

/* The type of an entry for the area. */
#define SWP_AREA 2u
/* The types of entries for pages on their way to another frame (mm/space/migrate.h). The lower bits
 * are the rights of the entry that comes back. Linux SWP_MIGRATION_READ, SWP_MIGRATION_WRITE. */
#define SWP_MIGRATION	    8u
#define SWP_MIGRATION_USER  1u
#define SWP_MIGRATION_WRITE 2u
#define SWP_MIGRATION_EXEC  4u

_Static_assert(SWAP_HALF < 1u << (31 - SPLIT_PFN_SHIFT), "a row fits into the upper half");

/* CPUs in a row, for entries that name one. */
#define CPU_HALF 8u

/* The entry of this type for a number, in rows of `half`. */
static inline pte_t mk_numbered(u32 type, u32 number, u32 half)
{
	u32 row = number / half + 1, column = number % half + 1;

	return mk_swap(type, row << SPLIT_PFN_SHIFT | column);
}

static inline u32 pte_number(pte_t pte, u32 half)
{
	u32 offset = pte_swap_offset(pte);
	u32 row = (offset >> SPLIT_PFN_SHIFT) - 1,
	    column = (offset & (BIT(SPLIT_PFN_SHIFT) - 1)) - 1;

	return row * half + column;
}

/* Linux swp_entry_to_pte(swp_entry(type, slot)). */
static inline pte_t mk_swap_pte(u32 slot)
{
	return mk_numbered(SWP_AREA, slot, SWAP_HALF);
}

/* Linux is_swap_pte(), and not a non_swap_entry(). */
static inline bool pte_is_swap(pte_t pte)
{
	return !entry_present(pte) && !entry_none(pte) && pte_swap_type(pte) == SWP_AREA;
}

/* Call with an entry for which pte_is_swap() is true. Linux swp_offset(pte_to_swp_entry()). */
static inline u32 pte_swap_slot(pte_t pte)
{
	return pte_number(pte, SWAP_HALF);
}

/* The entry in the place of a present one, while CPU `cpu` moves the page. Linux
 * make_writable_migration_entry() and its kin. */
static inline pte_t mk_migration_pte(u32 cpu, pte_t pte)
{
	return mk_numbered(SWP_MIGRATION |
				   (pte_access_permitted(pte, false) ? SWP_MIGRATION_USER : 0) |
				   (pte_access_permitted(pte, true) ? SWP_MIGRATION_WRITE : 0) |
				   (pte_exec(pte) ? SWP_MIGRATION_EXEC : 0),
			   cpu, CPU_HALF);
}

/* Linux is_migration_entry(). */
static inline bool pte_is_migration(pte_t pte)
{
	return !entry_present(pte) && !entry_none(pte) && pte_swap_type(pte) & SWP_MIGRATION;
}

/* Call the rest with an entry for which pte_is_migration() is true. The CPU that moves the page. */
static inline u32 pte_migration_cpu(pte_t pte)
{
	return pte_number(pte, CPU_HALF);
}

/* The same entry for a page that comes back with these rights, PTE_*. It never gains the right to
 * store, and loses it without keep_write. */
static inline pte_t migration_modify(pte_t pte, u32 rights, bool keep_write)
{
	u32 type = SWP_MIGRATION | (keep_write ? pte_swap_type(pte) & SWP_MIGRATION_WRITE : 0) |
		   (rights & PTE_USER ? SWP_MIGRATION_USER : 0) |
		   (rights & PTE_EXEC ? SWP_MIGRATION_EXEC : 0);

	return mk_numbered(type, pte_migration_cpu(pte), CPU_HALF);
}

/* The same entry without the right to store. Linux make_readable_migration_entry(). */
static inline pte_t migration_wrprotect(pte_t pte)
{
	return mk_numbered(pte_swap_type(pte) & ~SWP_MIGRATION_WRITE, pte_migration_cpu(pte),
			   CPU_HALF);
}

/* The present entry of the page in its frame. It is dirty if it can be stored to, because a store
 * may have made it so. Linux remove_migration_pte(). */
static inline pte_t migration_restored(pte_t pte, pfn_t pfn)
{
	u32 type = pte_swap_type(pte);
	bool write = type & SWP_MIGRATION_WRITE;

	return pte_modify(mk_pte(pfn, PTE_USER | PTE_YOUNG | (write ? PTE_DIRTY : 0)),
			  (type & SWP_MIGRATION_USER ? PTE_USER : 0) | (write ? PTE_WRITE : 0) |
				  (type & SWP_MIGRATION_EXEC ? PTE_EXEC : 0));
}
