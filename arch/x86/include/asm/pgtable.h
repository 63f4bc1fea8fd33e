/* SPDX-License-Identifier: MIT */
/*
 * PAE entries (SDM vol. 3, 4.4). There are three levels of 64-bit entries, and each entry is stored
 * and read as two 32-bit words. Word 0 has the present bit and address bits 31:12, word 1 has
 * address bits 51:32 and NX.
 *
 * One entry type serves all levels. Where folding is decided at run time, an entry's level depends
 * on its value, and mm/ is written for that case.
 */
#pragma once

#include "arch/asm-generic/entry-two-words.h"
#include "arch/asm-generic/pgtable-nopud.h"
#include "kernel/compiler.h"
#include <asm/atomic.h>
#include <asm/page.h>

/* From this bit on, a frame's number is in one word. The bits below are in the other. */
#define SPLIT_PFN_SHIFT (32 - PAGE_SHIFT)

/* Levels. The pgd is the CPU's page-directory-pointer table with 4 entries of 1 GiB. */
#define PGDIR_SHIFT 30
#define PMD_SHIFT   21

#define PTRS_PER_PGD 4u
#define PTRS_PER_PMD 512u
#define PTRS_PER_PTE 512u

/* User space is [0, USER_END). Above it every space has the kernel's own entry. */
#define USER_END KERNEL_BASE
/* A new space must populate this many top-level entries of user space. The CPU reads the four
 * PDPTEs when CR3 is loaded and may not look again (SDM vol. 3, 4.4.1), so they never change
 * afterwards. Linux PREALLOCATED_PMDS. */
#define PREALLOCATED_PMDS 3u

/* Word 0 (SDM vol. 3, table 4-11). */
#define X86_P	BIT(0)
#define X86_RW	BIT(1)
#define X86_US	BIT(2)
#define X86_PWT BIT(3)
#define X86_PCD BIT(4)
#define X86_A	BIT(5)
#define X86_D	BIT(6)
#define X86_PS	BIT(7)
/* Software's present bit, ignored by hardware at every level. An entry can be present for walkers
 * and invalid for the hardware, see pte_mkinvalid(). */
#define X86_PRESENT BIT(9)
/* Word 1 */
#define X86_NX_HIGH BIT(31)

#define X86_FRAME_HIGH 0x000fffffu /* of the frame's number */

/* Returns X86_NX_HIGH if the CPU has NX and it is on. Otherwise the bit is reserved, so
 * returns 0. */
u32 x86_nx_high(void);
/* Returns the first pfn beyond MAXPHYADDR (CPUID 80000008h, else 36 bits with PAE and PSE36, 32
 * without). */
u64 x86_pfn_limit(void);

/* A swap entry has its type in bits 8:1 of word 0, and the offset's bits 19:0 in bits 31:12. It has
 * neither present bit, so hardware looks at no other bit (SDM vol. 3, 4.4.2). */
#define X86_SWAP_TYPE_SHIFT 1
#define X86_SWAP_TYPE	    0xffu
/* A swap entry's word without the present bit, with all offset bits set, bits 30:20. As a high half
 * it has reserved bits (below NX) if the other word makes the entry present. */
#define SWAP_OTHER_WORD 0x7ff00000u
_Static_assert(!((X86_SWAP_TYPE << X86_SWAP_TYPE_SHIFT | ~0u << PAGE_SHIFT) &
		 (X86_P | X86_PRESENT)),
	       "a swap entry is present neither for hardware nor for software");
_Static_assert(!(SWAP_OTHER_WORD & (X86_FRAME_HIGH | X86_NX_HIGH)),
	       "the upper half of a swap entry names no frame");

static inline bool entry_present(entry_t e)
{
	return e.word[PRESENT_WORD] & X86_PRESENT;
}

static inline bool entry_none(entry_t e)
{
	return !(e.word[0] | e.word[1]);
}

/* Returns the entry without the bits hardware may write, Accessed and Dirty in a leaf and in a page
 * directory entry. Bit 5 goes from a PDPTE as well, because QEMU sets it although it is reserved
 * there. */
static inline entry_t entry_without_ad(entry_t e)
{
	e.word[0] &= ~(X86_A | X86_D);
	return e;
}

static inline pfn_t entry_pfn(entry_t e)
{
	return (e.word[0] >> PAGE_SHIFT) | (e.word[1] & X86_FRAME_HIGH) << (32 - PAGE_SHIFT);
}

static inline pte_t mk_pte(pfn_t pfn, u32 prot)
{
	u32 low = pfn << PAGE_SHIFT | X86_P | X86_PRESENT;
	u32 high = pfn >> (32 - PAGE_SHIFT);

	low |= prot & PTE_WRITE ? X86_RW : 0;
	low |= prot & PTE_USER ? X86_US : 0;
	low |= prot & PTE_YOUNG ? X86_A : 0;
	low |= prot & PTE_DIRTY ? X86_D : 0;
	high |= prot & PTE_EXEC ? 0 : x86_nx_high();
	return (pte_t){{low, high}};
}

static inline bool pte_dirty(pte_t pte)
{
	return pte.word[0] & X86_D;
}

static inline bool pte_young(pte_t pte)
{
	return pte.word[0] & X86_A;
}

static inline bool pte_exec(pte_t pte)
{
	return !(pte.word[1] & X86_NX_HIGH);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	pte.word[0] &= ~X86_RW;
	return pte;
}

static inline pte_t pte_mkwrite(pte_t pte)
{
	pte.word[0] |= X86_RW;
	return pte;
}

static inline pte_t pte_mkclean(pte_t pte)
{
	pte.word[0] &= ~X86_D;
	return pte;
}

static inline pte_t pte_mkold(pte_t pte)
{
	pte.word[0] &= ~X86_A;
	return pte;
}

/* Replaces the rights, PTE_USER and its kin. The frame, Accessed and Dirty stay. Without PTE_USER
 * the entry is present for software alone. Linux pte_modify(), whose PAGE_NONE lacks P, too. */
static inline pte_t pte_modify(pte_t pte, u32 rights)
{
	pte.word[0] &= ~(X86_P | X86_US | X86_RW);
	pte.word[0] |= rights & PTE_USER ? X86_P | X86_US : 0;
	pte.word[0] |= rights & PTE_WRITE ? X86_RW : 0;
	pte.word[1] &= ~X86_NX_HIGH;
	pte.word[1] |= rights & PTE_EXEC ? 0 : x86_nx_high();
	return pte;
}

/* The hardware faults on the result, but software still finds the frame in it. An entry that is not
 * present becomes one that looks as if it were. Linux pmd_mkinvalid(). */
static inline pte_t pte_mkinvalid(pte_t pte)
{
	pte.word[PRESENT_WORD] = (pte.word[PRESENT_WORD] & ~X86_P) | X86_PRESENT;
	return pte;
}

/* The slot's content for a page in swap. The offset has 31 bits. Linux swp_entry_to_pte(). */
static inline pte_t mk_swap(u32 type, u32 offset)
{
	return (pte_t){{offset << PAGE_SHIFT | (type & X86_SWAP_TYPE) << X86_SWAP_TYPE_SHIFT,
			offset & SWAP_OTHER_WORD}};
}

/* The type and the offset in a swap entry. Linux __swp_type(), __swp_offset(). */
static inline u32 pte_swap_type(pte_t pte)
{
	return pte.word[0] >> X86_SWAP_TYPE_SHIFT & X86_SWAP_TYPE;
}

static inline u32 pte_swap_offset(pte_t pte)
{
	return pte.word[0] >> PAGE_SHIFT | (pte.word[1] & SWAP_OTHER_WORD);
}

/* Tests in one step for present, the user's, and, if `write`, writable. Linux
 * pte_access_permitted(). */
static inline bool pte_access_permitted(pte_t pte, bool write)
{
	u32 need = X86_PRESENT | X86_US | (write ? X86_RW : 0);

	return (pte.word[PRESENT_WORD] & need) == need;
}

/* Makes an entry of the top level or, in mk_pmd(), of a middle level, with a table below. All bits
 * of a PDPTE but P, PWT, PCD and the address are reserved (SDM vol. 3, table 4-8). */
static inline pgd_t mk_pgd(pfn_t table)
{
	return (pgd_t){{table << PAGE_SHIFT | X86_P | X86_PRESENT, table >> (32 - PAGE_SHIFT)}};
}

static inline pmd_t mk_pmd(pfn_t table)
{
	return (pmd_t){{table << PAGE_SHIFT | X86_P | X86_PRESENT | X86_RW | X86_US | X86_A,
			table >> (32 - PAGE_SHIFT)}};
}

/* Folded levels have no table of their own, so the entry above serves. */
#define mk_p4d mk_pgd
#define mk_pud mk_pgd

#include "arch/asm-generic/table-one-frame.h"

/* A large page in place of a table. The lab makes none of its own yet. */
static inline bool entry_leaf(entry_t e)
{
	return e.word[0] & X86_PS;
}

#define entry_xchg_word(ep, n, value) atomic_xchg(&(ep)->word[n], (value))

/* Declared and nowhere defined, because hardware sets Accessed and Dirty here, see
 * mm_invalidate_pte(), and an entry can be exchanged whole. */
pte_t ptep_mkinvalid(pte_t *ptep);
pte_t pte_mark(pte_t pte, bool write);
entry_word_t entry_cmpxchg_word(entry_t *ep, unsigned n, entry_word_t expected, entry_word_t value);

/* Compares and stores the entry as one 64-bit object, and returns its old value. CMPXCHG8B (Pentium
 * on) does so with full order, and needs write permission even if it stores nothing new (SDM vol.
 * 2). A comparison of the entry with itself is the only single-copy atomic 64-bit read in plain
 * registers. */
static inline entry_t entry_cmpxchg(entry_t *ep, entry_t expected, entry_t value)
{
	u64 old = entry_value(expected), new = entry_value(value);

	__asm__ __volatile__("lock; cmpxchg8b %1"
			     : "+A"(old), "+m"(*ep)
			     : "b"((u32) new), "c"((u32)(new >> 32))
			     : "memory", "cc");
	return entry_from_value(old);
}

static inline entry_t entry_read_atomic(entry_t *ep)
{
	entry_t none = {{0, 0}};

	return entry_cmpxchg(ep, none, none);
}

/* After this many refusals in a row, which no other CPU explains, the kernel panics. */
#define EXCHANGES_MOST 10000000u
_Noreturn void entry_exchange_failed(const entry_t *ep);

/* Exchanges the whole entry with full order. The loop ends, because under the page-table lock only
 * hardware's A and D can change a mapped entry, each once. */
static inline entry_t entry_xchg(entry_t *ep, entry_t value)
{
	entry_t old = {{entry_read_word(ep, 0), entry_read_word(ep, 1)}}, seen;

	for (u32 n = 0; !entry_same(seen = entry_cmpxchg(ep, old, value), old); n++) {
		old = seen;
		if (unlikely(n == EXCHANGES_MOST))
			entry_exchange_failed(ep);
	}
	return old;
}

/* Fills the entries all spaces share in a fresh, cleared top-level table. */
void pgd_init_kernel(pgd_t *pgd);
/* Loads the translation root on this CPU, and drops its non-global translations. root must be below
 * 4 GiB and 32-byte aligned (CR3, SDM vol. 3, table 4-7). A full barrier, because MOV to CR3 is
 * serializing. */
void pgd_load(paddr_t root);
/* Returns the root of the kernel's own space, without user mappings. */
paddr_t pgd_kernel(void);
