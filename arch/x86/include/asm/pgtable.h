/* SPDX-License-Identifier: MIT */
/*
 * PAE entries (SDM vol. 3, 4.4): three levels of 64-bit entries, each stored and read as two 32-bit
 * words. Word 0 has the present bit and address bits 31:12, word 1 has address bits 51:32 and NX.
 *
 * One entry type serves all levels: where folding is decided at run time, an entry's level is a
 * matter of its value, and mm/ is written for that case.
 */
#pragma once

#include "arch/asm-generic/entry-two-words.h"
#include "arch/asm-generic/pgtable-nopud.h"
#include "kernel/compiler.h"
#include <asm/atomic.h>
#include <asm/page.h>

/* Bits of a frame's number from here on are in one word, those below in the other. */
#define SPLIT_PFN_SHIFT (32 - PAGE_SHIFT)

/* Levels. The pgd is the CPU's page-directory-pointer table, 4 entries of 1 GiB. */
#define PGDIR_SHIFT 30
#define PMD_SHIFT   21

#define PTRS_PER_PGD 4u
#define PTRS_PER_PMD 512u
#define PTRS_PER_PTE 512u

/* User space is [0, USER_END); above it every space has the kernel's own entry. */
#define USER_END KERNEL_BASE
/* Top-level entries of user space that a new space must have populated: the CPU reads the four
 * PDPTEs when CR3 is loaded and may not look again (SDM vol. 3, 4.4.1), so they never change
 * afterwards. Linux: PREALLOCATED_PMDS. */
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
/* Ignored by hardware at every level: what software calls present. An entry can be present for
 * walkers and invalid for the hardware, see pte_mkinvalid(). */
#define X86_PRESENT BIT(9)
/* Word 1 */
#define X86_NX_HIGH BIT(31)

#define X86_FRAME_HIGH 0x000fffffu /* of the frame's number */

/* X86_NX_HIGH where the CPU has NX and it is on, else 0: there the bit is reserved. */
u32 x86_nx_high(void);
/* First pfn beyond MAXPHYADDR (CPUID 80000008h; 36 bits with PAE and PSE36, 32 without). */
u64 x86_pfn_limit(void);

/* A swap entry's word without the present bit, all offset bits set: as a high half it has reserved
 * bits (below NX) if the other word makes the entry present. */
#define SWAP_OTHER_WORD 0x7ff00000u

static inline bool entry_present(entry_t e)
{
	return e.word[PRESENT_WORD] & X86_PRESENT;
}

static inline bool entry_none(entry_t e)
{
	return !(e.word[0] | e.word[1]);
}

/* The entry without the bits that hardware may write: Accessed and Dirty in a leaf and a page
 * directory entry. Bit 5 goes from a PDPTE as well: reserved there, yet QEMU sets it. */
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

/* Other rights, PTE_USER and its kin; the frame, Accessed and Dirty stay. Without PTE_USER the
 * entry is present for software alone. Linux pte_modify(); its PAGE_NONE lacks P, too. */
static inline pte_t pte_modify(pte_t pte, u32 rights)
{
	pte.word[0] &= ~(X86_P | X86_US | X86_RW);
	pte.word[0] |= rights & PTE_USER ? X86_P | X86_US : 0;
	pte.word[0] |= rights & PTE_WRITE ? X86_RW : 0;
	pte.word[1] &= ~X86_NX_HIGH;
	pte.word[1] |= rights & PTE_EXEC ? 0 : x86_nx_high();
	return pte;
}

/* Still names its frame to software, but the hardware faults on it. Linux pmd_mkinvalid(). Of an
 * entry that is not present it makes one that looks as if it were. */
static inline pte_t pte_mkinvalid(pte_t pte)
{
	pte.word[PRESENT_WORD] = (pte.word[PRESENT_WORD] & ~X86_P) | X86_PRESENT;
	return pte;
}

/* What a slot holds whose page is in swap: neither present bit, type in bits 8:1, offset from bit
 * 12 on. */
static inline pte_t mk_swap(u32 type, u32 offset)
{
	return (pte_t){{offset << PAGE_SHIFT | (type & 0xff) << 1, 0}};
}

/* Present, the user's, and writable if `write`: one test. Linux pte_access_permitted(). */
static inline bool pte_access_permitted(pte_t pte, bool write)
{
	u32 need = X86_PRESENT | X86_US | (write ? X86_RW : 0);

	return (pte.word[PRESENT_WORD] & need) == need;
}

/* Entry of the top level / of a level in between that points to a table. All bits of a PDPTE but P,
 * PWT, PCD and the address are reserved (SDM vol. 3, table 4-8). */
static inline pgd_t mk_pgd(pfn_t table)
{
	return (pgd_t){{table << PAGE_SHIFT | X86_P | X86_PRESENT, table >> (32 - PAGE_SHIFT)}};
}

static inline pmd_t mk_pmd(pfn_t table)
{
	return (pmd_t){{table << PAGE_SHIFT | X86_P | X86_PRESENT | X86_RW | X86_US | X86_A,
			table >> (32 - PAGE_SHIFT)}};
}

/* Folded levels have no table of their own: the entry above serves. */
#define mk_p4d mk_pgd
#define mk_pud mk_pgd

#include "arch/asm-generic/table-one-frame.h"

/* A large page instead of a table; the lab makes none of its own yet. */
static inline bool entry_leaf(entry_t e)
{
	return e.word[0] & X86_PS;
}

#define entry_xchg_word(ep, n, value) atomic_xchg(&(ep)->word[n], (value))

/* Declared and nowhere defined: hardware sets Accessed and Dirty here, see mm_invalidate_pte() and
 * ptep_set_access_flags(), and an entry can be exchanged whole. */
pte_t ptep_mkinvalid(pte_t *ptep);
pte_t pte_mark(pte_t pte, bool write);
entry_word_t entry_cmpxchg_word(entry_t *ep, unsigned n, entry_word_t expected, entry_word_t value);

/* The entry as one 64-bit object: CMPXCHG8B (Pentium on) compares and stores all of it, with full
 * order, and needs write permission even where it stores nothing new (SDM vol. 2). Compared with
 * itself it is the only single-copy atomic 64-bit read in plain registers. Returns what was there.
 */
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

/* Refusals in a row that no other CPU explains: a screen. */
#define EXCHANGES_MOST 10000000u
_Noreturn void entry_exchange_failed(const entry_t *ep);

/* Whole-entry exchange, full order; the loop ends: only hardware's A and D can change a mapped
 * entry under the page-table lock, each once. */
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

/* Fills the entries of a fresh, cleared top-level table that every space shares. */
void pgd_init_kernel(pgd_t *pgd);
/* Loads the translation root on this CPU; drops its non-global translations. root < 4 GiB and
 * 32-byte aligned (CR3, SDM vol. 3, table 4-7). A full barrier: MOV to CR3 is serializing. */
void pgd_load(paddr_t root);
/* The root of the kernel's own space: no user mappings. */
paddr_t pgd_kernel(void);
