/* SPDX-License-Identifier: MIT */
/* Tests asm/xpa.h, asm/pgtable.h, asm/page.h and asm/caps.h of the mips port, for each bit of an
 * entry, the shape of the tables, the map, and the port's capabilities. */
#include <asm/caps.h>
#include <asm/pgtable.h>
#include <asm/tlb.h>

#include <asm/atomic.h>
#include "kernel/hooks/race.h"
#include "tests/self/unit/mips/host.h"
#include "tests/self/unit/swap_entries.h"

#define PFN 0xabcdef12u /* upper bits ab in word 0, lower ones in word 1 */

static bool is(entry_t e, u32 low, u32 high)
{
	return e.word[0] == low && e.word[1] == high;
}

/*
 * MIPS32 volume III, EntryLo has V, D, G, C, XI, RI, rotated left by two. Then Linux's software
 * bits.
 */
static void test_ptes(void)
{
	CHECK(is(mk_pte(PFN, 0), 0x010000ab, 0xcdef12a1),
	      "no rights: present, coherent, no execute");
	CHECK(is(mk_pte(PFN, PTE_EXEC), 0x010000ab, 0xcdef12a0), "execute");
	CHECK(is(mk_pte(PFN, PTE_WRITE), 0x030000ab, 0xcdef12a1),
	      "write: D waits for the first store");
	CHECK(is(mk_pte(PFN, PTE_YOUNG), 0x050000ab, 0xcdef12a9), "young: V");
	CHECK(is(mk_pte(PFN, PTE_DIRTY), 0x090000ab, 0xcdef12a1), "dirty, not writable: no D");
	CHECK(is(mk_pte(PFN, PTE_WRITE | PTE_DIRTY), 0x0b0000ab, 0xcdef12b1),
	      "writable and dirty: D");
	CHECK(is(mk_pte(PFN, PTE_USER), 0x010000ab, 0xcdef12a1), "every page is the user's");
	CHECK(is(mk_pte(PFN, PTE_WRITE | PTE_USER | PTE_EXEC | PTE_YOUNG | PTE_DIRTY), 0x0f0000ab,
		 0xcdef12b8),
	      "all rights");
	CHECK(PTE_WRITE == 1 && PTE_USER == 2 && PTE_EXEC == 4 && PTE_YOUNG == 8 && PTE_DIRTY == 16,
	      "rights are bits of their own");
	CHECK(entry_pfn(mk_pte(PFN, 31)) == PFN && entry_pfn(mk_pte(0xffffff, 0)) == 0xffffff &&
		      entry_pfn(mk_pte(0x1000000, 0)) == 0x1000000,
	      "the frame's number comes back, from both words");
	CHECK(XPA_RI == 2 && XPA_G == 4 && XPA_C_UNCACHED == 0x40 && XPA_C_COHERENT == 0xa0 &&
		      XPA_C_MASK == 0xe0 && XPA_PFNX == 0xffffff && XPA_ENTRYLO_ROR == 2,
	      "the other bits of EntryLo");
	CHECK(is(xpa_table_entry(PFN), 0x010000ab, 0xcdef1208) &&
		      entry_table_pa(xpa_table_entry(PFN)) == 0xabcdef12000,
	      "a table's entry: PRESENT and V, one in each word");
}

static void test_questions(void)
{
	entry_t young = mk_pte(1, PTE_YOUNG), dirty = mk_pte(1, PTE_DIRTY), all = {{~0u, ~0u}};

	CHECK(entry_present((entry_t){{XPA_PRESENT, 0}}) &&
		      !entry_present((entry_t){{~XPA_PRESENT, ~0u}}),
	      "present: by the bit in word 0");
	CHECK(entry_none((entry_t){{0, 0}}) && entry_none((entry_t){{0, XPA_G}}) &&
		      !entry_none((entry_t){{1, 0}}) && !entry_none((entry_t){{0, 1}}) &&
		      !entry_none((entry_t){{0, XPA_V | XPA_G}}) &&
		      !entry_none((entry_t){{XPA_G, 0}}),
	      "none: no bit but the neighbour's G");
	CHECK(entry_same((entry_t){{1, 2}}, (entry_t){{1, 2}}) &&
		      !entry_same((entry_t){{1, 2}}, (entry_t){{3, 2}}) &&
		      !entry_same((entry_t){{1, 2}}, (entry_t){{1, 3}}),
	      "same: in both words");
	CHECK(is(entry_without_ad(all), 0xf3ffffff, 0xffffffe7), "without what the handlers set");
	CHECK(entry_value((entry_t){{0x11, 0x22}}) == 0x2200000011 &&
		      is(entry_from_value(0x2200000011), 0x11, 0x22),
	      "as one value, and back");
	CHECK(pte_dirty(dirty) && !pte_dirty(young), "dirty");
	CHECK(is(pte_mkinvalid((pte_t){{0x0e0000ab, 0xcdef12bd}}), 0x0f0000ab, 0xcdef12a7),
	      "made invalid: no V, no D, RI; present to software");
	CHECK(is(mk_swap(0x3f, 0xabcdef12), 0x3e0000ab, 0xcdef1200) &&
		      !entry_present(mk_swap(0x1f, ~0u)),
	      "a swap entry: five bits of type, the offset where the frame was");
	CHECK(SWAP_OTHER_WORD == mk_swap(0, ~0u).word[OTHER_WORD], "all offset bits of one");
	CHECK(pte_access_permitted(mk_pte(1, 0), false) &&
		      !pte_access_permitted(mk_pte(1, 0), true) &&
		      pte_access_permitted(mk_pte(1, PTE_WRITE), true) &&
		      !pte_access_permitted((pte_t){{XPA_WRITE, 0}}, true) &&
		      !pte_access_permitted((pte_t){{XPA_WRITE, 0}}, false),
	      "permitted: present, and writable if it must be");
	CHECK(!entry_leaf(all) && is(ENTRY_NONE, 0, 0), "no large pages; none is 0");
	CHECK(PRESENT_WORD == 0 && OTHER_WORD == 1 && ENTRY_WORDS == 2 && SPLIT_PFN_SHIFT == 24,
	      "two words");
}

static void test_changes(void)
{
	const u32 all = PTE_USER | PTE_WRITE | PTE_EXEC | PTE_YOUNG | PTE_DIRTY;
	pte_t e = mk_pte(PFN, all);

	CHECK(pte_young(mk_pte(1, PTE_YOUNG)) && !pte_young(mk_pte(1, PTE_DIRTY)) && pte_exec(e) &&
		      !pte_exec(mk_pte(1, all & ~PTE_EXEC)),
	      "young and executable are found");
	CHECK(xpa_usable(XPA_ACCESSED) == XPA_V && xpa_usable(XPA_WRITE | XPA_MODIFIED) == XPA_D &&
		      !xpa_usable(XPA_WRITE) && !xpa_usable(XPA_MODIFIED),
	      "V needs one mark, D the other and the right to store");
	CHECK(is(pte_wrprotect(e), 0x0d0000ab, 0xcdef12a8) &&
		      entry_same(pte_mkwrite(pte_wrprotect(e)), e) &&
		      is(pte_mkwrite(mk_pte(PFN, PTE_EXEC | PTE_YOUNG)), 0x070000ab, 0xcdef12a8),
	      "the right to store goes and comes; D comes back with MODIFIED alone");
	CHECK(is(pte_mkclean(e), 0x070000ab, 0xcdef12a8) &&
		      is(pte_mkold(e), 0x0b0000ab, 0xcdef12b0),
	      "a mark goes with the TLB's bit");
	CHECK(is(pte_modify(e, 0), 0x1d0000ab, 0xcdef12a3) &&
		      is(pte_modify(e, PTE_USER), 0x0d0000ab, 0xcdef12a9) &&
		      entry_same(pte_modify(pte_modify(e, 0), PTE_USER | PTE_WRITE | PTE_EXEC), e),
	      "rights are replaced, marks stay; without PTE_USER neither V nor D, but RI");
	CHECK(!pte_access_permitted(pte_modify(e, PTE_WRITE), false) &&
		      is(pte_mkwrite(pte_modify(e, 0)), 0x1f0000ab, 0xcdef12a3),
	      "nor is anything permitted then");
}

static void test_shape(void)
{
	CHECK(PGDIR_SHIFT == 29 && PMD_SHIFT == 21 && PAGE_SHIFT == 12, "512 MiB, 2 MiB, 4 KiB");
	CHECK(PTRS_PER_PGD == 4 && PTRS_PER_PMD == 256 && PTRS_PER_PTE == 512,
	      "entries of each table");
	CHECK(USER_END == 0x80000000 && PREALLOCATED_PMDS == 0, "2 GiB of user space");
	CHECK(table_frames(ENTRY_NONE) == 1, "a table is a frame");
	CHECK(KERNEL_BASE == 0x80000000 && DIRECT_MAP_MAX == 128u << 20 &&
		      KERNEL_MMIO == 0xc0000000 && KERNEL_WINDOWS == 0xe0000000,
	      "KSEG0, KSEG2, KSEG3");
	CHECK(phys_to_virt(0x123456) == (void *)0x80123456ul &&
		      virt_to_phys((void *)0x80123456ul) == 0x123456,
	      "the direct map, both ways");
	CHECK(TLB_FLUSH_CEILING == 39, "what `make bench` measured last");
}

/* The exchange is repeated if a handler marks the entry just then. */
static void mark(u32 *word)
{
	word[0] |= XPA_V | XPA_D;
	word[-1] |= XPA_MODIFIED;
}

static void test_mkinvalid(void)
{
	pte_t slot = {{0x050000ab, 0xcdef12a1}}, now;

	host_reset(0);
	host_before_atomic = mark;
	now = ptep_mkinvalid(&slot);
	CHECK(is(slot, 0x0d0000ab, 0xcdef12a3) && is(now, 0x0d0000ab, 0xcdef12a3),
	      "ptep_mkinvalid(): what a handler marks meanwhile is not lost");
	slot = (pte_t){{0x060000ab, 0xcdef12b8}};
	now = ptep_mkinvalid(&slot);
	CHECK(is(slot, 0x070000ab, 0xcdef12a2) && is(now, 0x070000ab, 0xcdef12a2),
	      "present afterwards");
}

/* As in docs/mips.md. A scenario asks only for these. */
static void test_caps(void)
{
	CHECK(CAP_SPLIT_ENTRIES == 1 && CAP_ATOMIC64 == 0,
	      "entries of two words, never touched at once");
	CHECK(CAP_HW_WALKER == 0 && CAP_HW_AD == 1, "no walker, but handlers that mark");
	CHECK(CAP_ASIDS == 1 && CAP_DYNAMIC_FOLDING == 0 && CAP_SHARED_SPACE == 1, "spaces");
	CHECK(CAP_BROADCAST_FLUSH == 0 && CAP_NOWAIT_FLUSH == 1,
	      "flushes by interrupts, one of them past a mask");
	CHECK(CAP_STORE_ORDERED == 0 && CAP_NAP == 1 && CAP_RELAX_YIELDS == 0, "order, and waits");
}

int main(void)
{
	test_ptes();
	test_questions();
	test_changes();
	test_shape();
	test_mkinvalid();
	test_caps();
	CHECK(!swap_entries_wrong(), "swap entries: %s", swap_entries_wrong() ?: "each slot has one");
	return tap_done();
}
