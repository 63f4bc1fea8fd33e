/* SPDX-License-Identifier: MIT */
/* The calls of a program about its own space, which is the one loaded on this CPU. mmap.h says what
 * they do, and what their errors are. Call with interrupts on and no lock held. */
#pragma once

#include "mm/space/mmap.h"

vaddr_t sys_mmap(vaddr_t addr, size_t len, u32 prot, u32 flags);
/* Maps a file from its byte `offset` on. Besides the errors of do_mmap_file(): -EINVAL (offset
 * unaligned). Linux mmap(2), whose handle of the file is a number. */
vaddr_t sys_mmap_file(struct file *file, u64 offset, vaddr_t addr, size_t len, u32 prot, u32 flags);
int sys_munmap(vaddr_t addr, size_t len);
int sys_mprotect(vaddr_t addr, size_t len, u32 prot);
vaddr_t sys_mremap(vaddr_t addr, size_t old_len, size_t new_len, u32 flags, vaddr_t new_addr);
int sys_madvise(vaddr_t addr, size_t len, u32 advice);
