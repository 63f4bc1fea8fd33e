/* SPDX-License-Identifier: MIT */
/* Maps the pages of files, or copies of them. */
#include "mm/fault/vm_fault.h"
#include "mm/page/page.h"
#include "mm/table/locks.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"

/* A private mapping gets a copy of the page in its place. NULL if out of memory. */
static struct page *copy_of(struct page *page)
{
	struct page *copy = alloc_page(ZONE_DIRECT);

	if (copy)
		copy_page(page_map(page_to_pfn(copy), WINDOW_A),
			  page_map(page_to_pfn(page), WINDOW_B));
	return copy;
}

static bool stores_shared(const struct vm_fault *vmf)
{
	return vmf->cause & FAULT_WRITE && vmf->vma->flags & VM_SHARED;
}

/* From here until the page is unlocked, it does not leave the file, and it is not written back. */
static void lock_page(const struct vm_fault *vmf, u32 index)
{
	if (guard(mkwrite_lock) || !stores_shared(vmf))
		page_lock(vmf->vma->file, index);
}

static void unlock_page(const struct vm_fault *vmf, u32 index)
{
	if (guard(mkwrite_lock) || !stores_shared(vmf))
		page_unlock(vmf->vma->file, index);
}

/* Call with the page locked. A page of the file that was only read is read-only, so that its first
 * store is noticed. The page is dirty before any store of this mapping is made. Linux
 * do_read_fault(), do_cow_fault(), do_shared_fault(). */
static enum vm_fault_result map_page(const struct vm_fault *vmf, u32 index, struct page *page)
{
	const struct vma *vma = vmf->vma;
	struct page *copy;

	if (!(vmf->cause & FAULT_WRITE))
		return finish_fault(vmf, page, mk_pte(page_to_pfn(page), vma_page_prot(vma)));
	if (stores_shared(vmf)) {
		WRITE_ONCE(vma->file->cache[index].dirty, true);
		return finish_fault(vmf, page, vma_writable_pte(vma, page));
	}
	copy = copy_of(page);
	put_page(page);
	if (!copy)
		return VM_FAULT_OOM;
	set_page_anonymous(vmf, copy);
	return finish_fault(vmf, copy, vma_writable_pte(vma, copy));
}

/* The page may leave the file before it is locked. The access is then made again, and finds the new
 * end of the file. */
enum vm_fault_result do_fault(struct vm_fault *vmf)
{
	u32 index = linear_page_index(vmf->vma, vmf->address);
	struct file *file = vmf->vma->file;
	enum vm_fault_result result = VM_FAULT_DONE;
	struct page *page;

	if (index >= file_pages(file))
		return VM_FAULT_SIGBUS;
	page = filemap_get_page(file, index);
	if (!page)
		return VM_FAULT_OOM;
	race_point(filemap_found);
	lock_page(vmf, index);
	if (!guard(truncate_recheck) || page_is_cached(file, index, page))
		result = map_page(vmf, index, page);
	else
		put_page(page);
	unlock_page(vmf, index);
	return result;
}

/* The entry names the same page as before and permits more, so no CPU is flushed. If the entry is
 * still there, so is the page, because it leaves its mappings under the page lock. Linux
 * do_page_mkwrite(), fault_dirty_shared_page(). */
enum vm_fault_result wp_page_shared(struct vm_fault *vmf)
{
	u32 index = linear_page_index(vmf->vma, vmf->address);

	lock_page(vmf, index);
	pte_lock(vmf->pte);
	if (entry_same(entry_read(vmf->pte), vmf->orig_pte)) {
		WRITE_ONCE(vmf->vma->file->cache[index].dirty, true);
		ptep_set_write(vmf->mm, vmf->address, vmf->pte);
		flush_rights(vmf->mm, vmf->address, vmf->address + PAGE_SIZE, false);
	}
	pte_unlock(vmf->pte);
	unlock_page(vmf, index);
	return VM_FAULT_DONE;
}
