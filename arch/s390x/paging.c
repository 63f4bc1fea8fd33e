/* SPDX-License-Identifier: MIT */
/* Builds the kernel's own address space, with real storage one to one, W^X, and the windows. */
#include "arch/s390x/image.h"
#include "arch/s390x/instructions.h"
#include "arch/s390x/paging.h"
#include "arch/s390x/psw.h"
#include "boot/bootmem.h"
#include "kernel/printk.h"
#include <asm/barrier.h>
#include <asm/smp.h>
#include <asm/tlb.h>

#define KERNEL_READ (PTE_YOUNG | PTE_DIRTY)

static paddr_t map_end;
static entry_t *kernel_pgd, *no_pgd;
static pte_t *windows;
_Static_assert(MAX_CPUS * NR_WINDOWS <= PTRS_PER_PTE, "one table has all windows");

paddr_t direct_map_end(void)
{
	return map_end;
}

void paging_set_direct_map(const struct boot_info *boot)
{
	paddr_t end = boot->nr_ram ? boot->ram[boot->nr_ram - 1].end : 0;

	map_end = end < DIRECT_MAP_MAX ? end : DIRECT_MAP_MAX;
}

static entry_t *boot_table(entry_t none)
{
	size_t size = table_frames(none) * PAGE_SIZE;
	paddr_t pa = ALIGN_UP(boot_alloc(2 * size - PAGE_SIZE), size);

	table_init(phys_to_virt(pa), none);
	return phys_to_virt(pa);
}

/* Returns the table below *ep, and makes it if there is none. */
static entry_t *boot_below(entry_t *ep, enum table_type type, entry_t none)
{
	if (entry_none(*ep))
		*ep = mk_table(type, (pfn_t)(virt_to_phys(boot_table(none)) >> PAGE_SHIFT));
	return phys_to_virt(entry_table_pa(*ep));
}

static pte_t *kernel_pte(vaddr_t va)
{
	entry_t *pmd = boot_below(&kernel_pgd[va >> PUD_SHIFT & (PTRS_PER_PUD - 1)], TABLE_REGION3,
				  PMD_NONE);
	entry_t *pte =
		boot_below(&pmd[va >> PMD_SHIFT & (PTRS_PER_PMD - 1)], TABLE_SEGMENT, PTE_NONE);

	return &pte[va >> PAGE_SHIFT & (PTRS_PER_PTE - 1)];
}

static u32 protection(vaddr_t va)
{
	if (va >= (vaddr_t)__text_start && va < (vaddr_t)__text_end)
		return KERNEL_READ | PTE_EXEC;
	if (va >= (vaddr_t)__rodata_start && va < (vaddr_t)__rodata_end)
		return KERNEL_READ;
	return KERNEL_READ | PTE_WRITE;
}

void paging_init(void)
{
	kernel_pgd = boot_table(PUD_NONE);
	no_pgd = boot_table(PMD_NONE);
	windows = kernel_pte(KERNEL_WINDOWS);
	for (paddr_t pa = 0; pa < map_end; pa += PAGE_SIZE)
		*kernel_pte(pa) = mk_pte((pfn_t)(pa >> PAGE_SHIFT), protection(pa));
}

void paging_unmap(vaddr_t va)
{
	ptep_invalidate(kernel_pte(va), va);
}

/* Type and length stand as in a region-table entry (Principles of Operation, chapter 3,
 * "Address-Space-Control Element"). */
u64 pgd_asce(paddr_t root)
{
	const entry_t *pgd = phys_to_virt(root);

	return root | table_type_bits(entry_type(pgd[0])) | S390_TABLE_LENGTH;
}

u64 paging_asce(void)
{
	return pgd_asce(virt_to_phys(kernel_pgd));
}

paddr_t pgd_kernel(void)
{
	return virt_to_phys(no_pgd);
}

void pgd_load(paddr_t root)
{
	u64 asce = pgd_asce(root);

	write_control(7, asce);
	write_control(13, asce);
	tlb_flush_all();
	smp_mb();
}

void tlb_flush_space(paddr_t root)
{
	idte_asce(pgd_asce(root));
	end_translation_block();
}

void table_init(void *page, entry_t none)
{
	entry_t *entry = page;

	for (unsigned i = 0; i < table_frames(none) * PAGE_SIZE / sizeof(none); i++)
		entry[i] = none;
}

void *window_map(enum window window, pfn_t pfn)
{
	unsigned slot = cpu_id() * NR_WINDOWS + window;
	vaddr_t va = KERNEL_WINDOWS + slot * PAGE_SIZE;

	ptep_invalidate(&windows[slot], va);
	entry_write_word(&windows[slot], 0, mk_pte(pfn, KERNEL_READ | PTE_WRITE).word[0]);
	return (void *)va;
}
