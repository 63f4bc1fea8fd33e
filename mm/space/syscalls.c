/* SPDX-License-Identifier: MIT */
/* Takes the mmap lock of the caller's space around each call. */
#include "mm/space/syscalls.h"

#include "kernel/errno.h"
#include "kernel/smp/percpu.h"

vaddr_t sys_mmap(vaddr_t addr, size_t len, u32 prot, u32 flags)
{
	return sys_mmap_file(NULL, 0, addr, len, prot, flags);
}

vaddr_t sys_mmap_file(struct file *file, u64 offset, vaddr_t addr, size_t len, u32 prot, u32 flags)
{
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	vaddr_t result;

	if (offset % PAGE_SIZE)
		return (vaddr_t)-EINVAL;
	if (offset >> PAGE_SHIFT > (u32)-1)
		return (vaddr_t)-EOVERFLOW;
	write_lock(&mm->mmap_lock);
	result = do_mmap_file(mm, file, (u32)(offset >> PAGE_SHIFT), addr, len, prot, flags);
	write_unlock(&mm->mmap_lock);
	return result;
}

int sys_munmap(vaddr_t addr, size_t len)
{
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	int error;

	write_lock(&mm->mmap_lock);
	error = do_munmap(mm, addr, len);
	write_unlock(&mm->mmap_lock);
	return error;
}

int sys_mprotect(vaddr_t addr, size_t len, u32 prot)
{
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	int error;

	write_lock(&mm->mmap_lock);
	error = do_mprotect(mm, addr, len, prot);
	write_unlock(&mm->mmap_lock);
	return error;
}

vaddr_t sys_mremap(vaddr_t addr, size_t old_len, size_t new_len, u32 flags, vaddr_t new_addr)
{
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	vaddr_t result;

	write_lock(&mm->mmap_lock);
	result = do_mremap(mm, addr, old_len, new_len, flags, new_addr);
	write_unlock(&mm->mmap_lock);
	return result;
}

/* Dropping pages changes no mapping, so other CPUs may fault meanwhile. Linux takes the lock for
 * reading as well (madvise_need_mmap_write()). */
int sys_madvise(vaddr_t addr, size_t len, u32 advice)
{
	struct mm *mm = READ_ONCE(this_cpu()->mm);
	int error;

	read_lock(&mm->mmap_lock);
	error = do_madvise(mm, addr, len, advice);
	read_unlock(&mm->mmap_lock);
	return error;
}
