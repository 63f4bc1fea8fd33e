/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB, with its handler, its flushes and its ASIDs (MIPS32 volume III, 4 and 9, Index,
 * EntryLo, EntryHi, and volume II, TLBP, TLBWI, TLBWR, TLBINVF).
 *
 * Loading a space gives it the CPU's next ASID. Translations of an earlier load stay in the TLB
 * under their old ASID, unused. When the numbers are used up, the whole TLB is invalidated, and
 * they start again. So leaving a space, and flushing all of it, costs one number.
 */
#include "arch/mips/cpu.h"
#include "arch/mips/tlb.h"
#include "kernel/hooks/guard.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/cp0.h>
#include <asm/irq.h>
#include <asm/tlb.h>

#define PAIR_SIZE  (2 * PAGE_SIZE)
#define MMIO_PAGES 16u
_Static_assert(ASIDS == ENTRYHI_ASID + 1, "a number that EntryHi cannot hold is another one there");

static pgd_t no_user[PTRS_PER_PGD] __aligned(4096);
static pte_t mmio_ptes[MMIO_PAGES] __aligned(4096);

paddr_t pgd_kernel(void)
{
	return virt_to_phys(no_user);
}

/* Reads an upper entry once. Returns the next table, or NULL if there is none. */
static entry_t *next_table(entry_t *ep)
{
	entry_t e;

	e.word[PRESENT_WORD] = entry_read_word(ep, PRESENT_WORD);
	smp_rmb();
	e.word[OTHER_WORD] = entry_read_word(ep, OTHER_WORD);
	if (!entry_present(e) || !(e.word[OTHER_WORD] & XPA_V))
		return NULL;
	return phys_to_virt(entry_table_pa(e));
}

static pte_t *user_slot(vaddr_t va)
{
	pmd_t *pmd = next_table(&mips_this_cpu()->pgd[va >> PGDIR_SHIFT]);
	pte_t *pte = pmd ? next_table(&pmd[va >> PMD_SHIFT & (PTRS_PER_PMD - 1)]) : NULL;

	return pte ? &pte[va >> PAGE_SHIFT & (PTRS_PER_PTE - 1)] : NULL;
}

static pte_t *slot_of(vaddr_t va)
{
	if (va < USER_END)
		return user_slot(va);
	if (va - KERNEL_WINDOWS < NR_WINDOWS * PAGE_SIZE)
		return &mips_this_cpu()->window[(va - KERNEL_WINDOWS) >> PAGE_SHIFT];
	if (va - KERNEL_MMIO < MMIO_PAGES * PAGE_SIZE)
		return &mmio_ptes[(va - KERNEL_MMIO) >> PAGE_SHIFT];
	return NULL;
}

static void set_entryhi(vaddr_t va)
{
	cp0_set_entryhi((u32)ALIGN_DOWN(va, PAIR_SIZE) | mips_this_cpu()->asid);
}

/*
 * Writes over an existing entry for va, because two entries for one address would be a machine
 * check.
 */
static void write_pair(vaddr_t va, const struct tlb_pair *pair)
{
	set_entryhi(va);
	tlb_probe();
	cp0_write(2, 0, pair->page[0].low);
	cp0_write_high(2, pair->page[0].high);
	cp0_write(3, 0, pair->page[1].low);
	cp0_write_high(3, pair->page[1].high);
	if (cp0_index() & INDEX_NOT_FOUND)
		tlb_write_random();
	else
		tlb_write_indexed();
}

enum fill_answer tlb_exception(vaddr_t va, bool store)
{
	pte_t *ptep = slot_of(va);
	enum fill_answer answer;
	struct tlb_pair pair;
	u32 status;

	if (!ptep)
		return FILL_ABSENT;
	answer = fill_translation(ptep, store, &pair);
	if (answer != FILL_AGAIN)
		return answer;
	status = all_irqs_save();
	write_pair(va, &pair);
	all_irqs_restore(status);
	return FILL_AGAIN;
}

void tlb_flush_page(vaddr_t va)
{
	u32 status = all_irqs_save();

	set_entryhi(va);
	tlb_probe();
	if (!(cp0_index() & INDEX_NOT_FOUND)) {
		cp0_set_entryhi(ENTRYHI_EHINV | mips_this_cpu()->asid);
		tlb_write_indexed();
		set_entryhi(va);
	}
	all_irqs_restore(status);
}

static void use_asid(struct mips_cpu *c, u32 asid, paddr_t root)
{
	c->root = root;
	c->pgd = phys_to_virt(root);
	c->asid = asid;
	cp0_set_entryhi(asid);
}

/* Returns the next ASID. After the last one, empties the TLB and begins with the first. */
static u32 new_asid(struct mips_cpu *c)
{
	if (c->asid_next == ASIDS) {
		if (guard(rollover_flush))
			tlb_invalidate_everything();
		else
			c->flush_owed = true;
		c->asid_next = 1;
	}
	return c->asid_next++;
}

/* Returns the ASID of the space at its last load on this CPU, or 0 if there was none. */
static u32 remembered_asid(const struct mips_cpu *c, paddr_t root)
{
	for (u32 asid = 1; asid < ASIDS; asid++)
		if (c->remembers && c->root_of[asid] == root)
			return asid;
	return 0;
}

static void remember(struct mips_cpu *c)
{
	c->root_of[c->asid] = c->root;
	c->remembers = true;
}

/* A flush of everything also ends the work left undone with one of the two guards off. */
static void forget_all(struct mips_cpu *c)
{
	if (c->flush_owed)
		tlb_invalidate_everything();
	c->flush_owed = false;
	for (u32 asid = 1; c->remembers && asid < ASIDS; asid++)
		c->root_of[asid] = 0;
	c->remembers = false;
}

void pgd_load(paddr_t root)
{
	u32 status = all_irqs_save();
	struct mips_cpu *c = mips_this_cpu();
	u32 asid = guard(asid_drop) ? 0 : remembered_asid(c, root);

	use_asid(c, asid ? asid : new_asid(c), root);
	if (!guard(asid_drop))
		remember(c);
	all_irqs_restore(status);
	smp_mb();
}

void tlb_flush_all(void)
{
	u32 status = all_irqs_save();
	struct mips_cpu *c = mips_this_cpu();

	forget_all(c);
	use_asid(c, new_asid(c), c->root);
	all_irqs_restore(status);
}

void tlb_flush_range(vaddr_t start, vaddr_t end)
{
	if ((end - start) >> PAGE_SHIFT > TLB_FLUSH_CEILING) {
		tlb_flush_all();
		return;
	}
	for (vaddr_t va = ALIGN_DOWN(start, PAIR_SIZE); va < end; va += PAIR_SIZE)
		tlb_flush_page(va);
}

void *window_map(enum window window, pfn_t pfn)
{
	vaddr_t va = KERNEL_WINDOWS + window * PAGE_SIZE;
	pte_t *ptep = &mips_this_cpu()->window[window];
	pte_t pte = mk_pte(pfn, PTE_WRITE | PTE_YOUNG | PTE_DIRTY);

	entry_write_word(ptep, OTHER_WORD, pte.word[OTHER_WORD] | XPA_G);
	entry_write_word(ptep, PRESENT_WORD, pte.word[PRESENT_WORD]);
	tlb_flush_page(va);
	return (void *)va;
}

void *map_device(paddr_t pa)
{
	static unsigned used; /* only the boot CPU uses it */
	pte_t pte = mk_pte((pfn_t)(pa >> PAGE_SHIFT), PTE_WRITE | PTE_YOUNG | PTE_DIRTY);
	unsigned at = used;

	if (at == MMIO_PAGES)
		return NULL;
	used++;
	pte.word[OTHER_WORD] = (pte.word[OTHER_WORD] & ~XPA_C_MASK) | XPA_C_UNCACHED;
	set_pte_global(&mmio_ptes[at], pte);
	tlb_flush_page(KERNEL_MMIO + at * PAGE_SIZE);
	return (void *)(KERNEL_MMIO + at * PAGE_SIZE + (vaddr_t)(pa & (PAGE_SIZE - 1)));
}

void tlb_init(void)
{
	struct mips_cpu *c = mips_this_cpu();

	for (unsigned i = 0; i < NR_WINDOWS; i++)
		c->window[i] = (pte_t){{0, XPA_G}};
	cp0_write(5, 0, 0); /* PageMask 4 KiB */
	cp0_write(6, 0, 0); /* Wired none */
	tlb_invalidate_everything();
	c->asid_next = 1;
	pgd_load(pgd_kernel());
}
