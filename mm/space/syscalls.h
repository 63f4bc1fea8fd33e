/* SPDX-License-Identifier: MIT */
/* The calls of a program about its own space, which is the one loaded on this CPU. mmap.h says what
 * they do, and what their errors are. Call with interrupts on and no lock held. */
#pragma once

#include "mm/space/mmap.h"

vaddr_t sys_mmap(vaddr_t addr, size_t len, u32 prot, u32 flags);
int sys_munmap(vaddr_t addr, size_t len);
int sys_mprotect(vaddr_t addr, size_t len, u32 prot);
int sys_madvise(vaddr_t addr, size_t len, u32 advice);
