/* SPDX-License-Identifier: MIT */
/*
 * Builds the kernel's page tables (SDM vol. 3, 4.4). The quarter above KERNEL_BASE is one top-level
 * entry, the same in every space. All pages are of 4 KiB and none is global, so a reload of CR3
 * flushes everything.
 */
#include "arch/x86/asm_defs.h"
#include "arch/x86/features.h"
#include "arch/x86/image.h"
#include "arch/x86/msr.h"
#include "arch/x86/paging.h"
#include "arch/x86/pat.h"
#include "boot/bootmem.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/irq.h>
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/tlb.h>

#define KERNEL_PGD (KERNEL_BASE >> PGDIR_SHIFT)
#define MMIO_SIZE  (192u << 20) /* room for a screen of 7680 x 4320 pixels */
#define TABLE_SPAN (1ul << PMD_SHIFT)
#define X86_PAT	   BIT(7) /* in the entry of a 4 KiB page (SDM vol. 3, table 4-11) */

_Static_assert(KERNEL_PGD == PTRS_PER_PGD - 1, "the kernel has the last top-level entry");
_Static_assert(DIRECT_MAP_MAX <= KERNEL_MMIO - KERNEL_BASE, "direct map and device area are apart");
_Static_assert(MMIO_SIZE % TABLE_SPAN == 0 && KERNEL_MMIO % TABLE_SPAN == 0, "whole tables");
_Static_assert(KERNEL_WINDOWS % TABLE_SPAN == 0 && MAX_CPUS * NR_WINDOWS <= PTRS_PER_PTE,
	       "the windows have one table");

static pgd_t kernel_pgd[PTRS_PER_PGD] __aligned(32); /* CR3 (SDM vol. 3, table 4-7) */
static pmd_t kernel_pmd[PTRS_PER_PMD] __aligned(4096);
static pte_t window_ptes[PTRS_PER_PTE] __aligned(4096);
static paddr_t map_end;
static vaddr_t mmio_next = KERNEL_MMIO;

paddr_t direct_map_end(void)
{
	return map_end;
}

paddr_t pgd_kernel(void)
{
	return virt_to_phys(kernel_pgd);
}

void pgd_init_kernel(pgd_t *pgd)
{
	pgd[KERNEL_PGD] = kernel_pgd[KERNEL_PGD];
}

void pgd_load(paddr_t root)
{
	__asm__ __volatile__("movl %0,%%cr3" ::"r"((u32)root) : "memory");
}

void paging_set_direct_map(const struct boot_info *boot)
{
	map_end = boot->nr_ram ? boot->ram[boot->nr_ram - 1].end : 0;
	if (map_end > DIRECT_MAP_MAX)
		map_end = DIRECT_MAP_MAX;
	if (map_end < virt_to_phys(__image_end))
		panic("end of RAM at %#llx, below the end of the kernel's image at %#llx",
		      (unsigned long long)map_end, (unsigned long long)virt_to_phys(__image_end));
}

static pmd_t *pmd_of(vaddr_t va)
{
	return &kernel_pmd[va >> PMD_SHIFT & (PTRS_PER_PMD - 1)];
}

static pte_t *pte_of(vaddr_t va)
{
	pte_t *table = phys_to_virt((paddr_t)entry_pfn(*pmd_of(va)) << PAGE_SHIFT);

	return &table[va >> PAGE_SHIFT & (PTRS_PER_PTE - 1)];
}

/* Returns an empty table. */
static pfn_t new_table(void)
{
	paddr_t table = boot_alloc(PAGE_SIZE);

	clear_page(phys_to_virt(table));
	return (pfn_t)(table >> PAGE_SHIFT);
}

/* Adds the missing tables of [start, end). */
static void add_tables(vaddr_t start, vaddr_t end)
{
	for (vaddr_t va = ALIGN_DOWN(start, TABLE_SPAN); va < end; va += TABLE_SPAN)
		if (!pmd_of(va)->word[0])
			*pmd_of(va) = mk_pmd(new_table());
}

/* W^X. Only text is executable, and only text and constants are not writable. */
static u32 protection(vaddr_t va)
{
	if (va >= (vaddr_t)__text_start && va < (vaddr_t)__text_end)
		return PTE_EXEC;
	if (va >= (vaddr_t)__rodata_start && va < (vaddr_t)__rodata_end)
		return 0;
	return PTE_WRITE;
}

/* A and D are preset everywhere, so the CPU need not write to these tables. */
static pte_t kernel_pte(pfn_t pfn, u32 prot)
{
	return mk_pte(pfn, prot | PTE_YOUNG | PTE_DIRTY);
}

void paging_init(void)
{
	vaddr_t end = KERNEL_BASE + (vaddr_t)map_end;

	add_tables(KERNEL_BASE, end);
	for (vaddr_t va = KERNEL_BASE; va < end; va += PAGE_SIZE)
		*pte_of(va) = kernel_pte((pfn_t)((va - KERNEL_BASE) >> PAGE_SHIFT), protection(va));
	*pmd_of(KERNEL_WINDOWS) = mk_pmd((pfn_t)(virt_to_phys(window_ptes) >> PAGE_SHIFT));
	kernel_pgd[KERNEL_PGD] = mk_pgd((pfn_t)(virt_to_phys(kernel_pmd) >> PAGE_SHIFT));
	paging_load();
}

void paging_load(void)
{
	u32 cr4;

	/* PSE stays as head.S left it. With PAE no CPU looks at it (SDM vol. 3, 4.1.1), but one
	 * emulator does (F-007), and this CPU may still be on the boot tables. */
	__asm__ __volatile__("movl %%cr4,%0" : "=r"(cr4));
	/* Without MCE a machine check resets the machine (SDM vol. 3, 2.5). */
	cr4 = CR4_PAE | (cr4 & CR4_PSE) | (x86_features.mce ? CR4_MCE : 0);
	/* Comes before the first use of an entry with NX, because without NXE this bit is
	 * reserved. */
	if (x86_features.nx)
		msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_NXE);
	__asm__ __volatile__("movl %0,%%cr0" ::"r"(CR0_VALUE) : "memory");
	__asm__ __volatile__("movl %0,%%cr4" ::"r"(cr4) : "memory");
	pgd_load(pgd_kernel());
}

void paging_unmap(vaddr_t va)
{
	*pte_of(va) = (pte_t){{0, 0}};
	tlb_flush_page(va);
}

/* Returns the bits that choose entry `entry` of the page attribute table (SDM vol. 3, table
 * 12-11). */
static u32 pat_bits(unsigned entry)
{
	return (entry & 1 ? X86_PWT : 0) | (entry & 2 ? X86_PCD : 0) | (entry & 4 ? X86_PAT : 0);
}

static u32 type_bits(enum memory_type type)
{
	switch (type) {
	case MEMORY_UC:
		/* Entry 3 is UC, even if the firmware changed entries 1 and 2 (SDM vol. 3,
		 * 12.12.4). */
		return X86_PCD | X86_PWT;
	case MEMORY_UC_MINUS:
		return pat_bits(pat_for_pixels(x86_features.pat ? msr_read(MSR_PAT) : PAT_RESET));
	default:
		return 0;
	}
}

void *map_physical(paddr_t pa, size_t size, enum memory_type type)
{
	paddr_t first = pa >> PAGE_SHIFT, last = (pa + size - 1) >> PAGE_SHIFT;
	size_t pages = (size_t)(last - first) + 1;
	vaddr_t start = mmio_next;
	u32 bits = type_bits(type);

	if (pa + size <= pa || last >= x86_pfn_limit() || last > (pfn_t)-1 ||
	    pages > (KERNEL_MMIO + MMIO_SIZE - start) >> PAGE_SHIFT)
		return NULL;
	add_tables(start, start + pages * PAGE_SIZE);
	for (size_t i = 0; i < pages; i++) {
		pte_t pte = kernel_pte((pfn_t)(first + i), PTE_WRITE);

		pte.word[0] |= bits;
		*pte_of(start + i * PAGE_SIZE) = pte;
	}
	barrier();
	mmio_next += pages * PAGE_SIZE;
	return (void *)(start + (vaddr_t)(pa & (PAGE_SIZE - 1)));
}

/* The present half goes away first and comes back last, because the CPU may read the entry at any
 * time on its own account. */
void *window_map(enum window window, pfn_t pfn)
{
	unsigned slot = cpu_id() * NR_WINDOWS + window;
	vaddr_t va = KERNEL_WINDOWS + slot * PAGE_SIZE;
	pte_t *ptep = &window_ptes[slot], pte = kernel_pte(pfn, PTE_WRITE);

	entry_write_word(ptep, PRESENT_WORD, 0);
	entry_write_word(ptep, OTHER_WORD, pte.word[OTHER_WORD]);
	entry_write_word(ptep, PRESENT_WORD, pte.word[PRESENT_WORD]);
	tlb_flush_page(va);
	return (void *)va;
}
