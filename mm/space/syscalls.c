/* SPDX-License-Identifier: MIT */
/* Takes the mmap lock of the caller's space around each call. */
#include "mm/space/syscalls.h"

#include "kernel/smp/percpu.h"

vaddr_t sys_mmap(vaddr_t addr, size_t len, u32 prot, u32 flags)
{
	struct mm *mm = this_cpu()->mm;
	vaddr_t result;

	write_lock(&mm->mmap_lock);
	result = do_mmap(mm, addr, len, prot, flags);
	write_unlock(&mm->mmap_lock);
	return result;
}

int sys_munmap(vaddr_t addr, size_t len)
{
	struct mm *mm = this_cpu()->mm;
	int error;

	write_lock(&mm->mmap_lock);
	error = do_munmap(mm, addr, len);
	write_unlock(&mm->mmap_lock);
	return error;
}

int sys_mprotect(vaddr_t addr, size_t len, u32 prot)
{
	struct mm *mm = this_cpu()->mm;
	int error;

	write_lock(&mm->mmap_lock);
	error = do_mprotect(mm, addr, len, prot);
	write_unlock(&mm->mmap_lock);
	return error;
}

/* Dropping pages changes no mapping, so other CPUs may fault meanwhile. Linux takes the lock for
 * reading as well (madvise_need_mmap_write()). */
int sys_madvise(vaddr_t addr, size_t len, u32 advice)
{
	struct mm *mm = this_cpu()->mm;
	int error;

	read_lock(&mm->mmap_lock);
	error = do_madvise(mm, addr, len, advice);
	read_unlock(&mm->mmap_lock);
	return error;
}
