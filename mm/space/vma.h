/* SPDX-License-Identifier: MIT */
/*
 * The mappings of an address space say where a program may access memory, and how.
 *
 * The VMAs of a space stand in one array, sorted by address, and never overlap. Neighbours
 * without a gap and with the same flags are one VMA. A change makes a new array and puts it in the
 * place of the old one, so it either happens as a whole or, out of memory, not at all. Linux keeps
 * a tree (vm_area_struct in a maple tree) and changes it VMA by VMA.
 *
 * Readers hold the space's mmap lock for reading, and changes hold it for writing.
 */
#pragma once

#include "mm/table/mm_struct.h"

/* Of a VMA. The first three have the values of PROT_READ, PROT_WRITE and PROT_EXEC, and
 * mprotect() may give the rights in VM_MAY(rights) later. Linux VM_READ .. VM_MAYEXEC. */
#define VM_READ	       BIT(0)
#define VM_WRITE       BIT(1)
#define VM_EXEC	       BIT(2)
#define VM_RIGHTS      (VM_READ | VM_WRITE | VM_EXEC)
#define VM_MAY(rights) ((rights) << 4)
/* A page of the kernel's for programs (Linux's vdso). No call changes its range. */
#define VM_SPECIAL BIT(8)

struct vma {
	vaddr_t start, end; /* page-aligned, start < end */
	u32 flags;	    /* VM_* */
};

/* Linux sysctl max_map_count. */
#ifndef VMAS_MAX /* the explorer keeps every frame in each state */
#define VMAS_MAX 4096u
#endif

/* Returns the first VMA that ends above va, or NULL. It need not begin at or below va. Takes a
 * number of steps that grows with the logarithm of the number of VMAs. Linux find_vma(). */
const struct vma *find_vma(const struct mm *mm, vaddr_t va);
/* Returns the VMA with va in it, or NULL. Linux vma_lookup(). */
const struct vma *vma_lookup(const struct mm *mm, vaddr_t va);
/* Returns the first VMA with a part in [start, end), or NULL. Linux find_vma_intersection(). */
const struct vma *find_vma_intersection(const struct mm *mm, vaddr_t start, vaddr_t end);

/* A change of [start, end), which is not empty and page-aligned. */
struct vma_change {
	vaddr_t start, end;
	enum {
		VMA_UNMAP,   /* nothing is mapped there afterwards */
		VMA_MAP,     /* one new mapping with `flags` replaces all others there */
		VMA_PROTECT, /* all of it is mapped, and gets the rights in `flags` */
	} kind;
	u32 flags;
	/* Set by vma_prepare() to the new array and the range of VMAs to change in the old one. */
	struct vma *array;
	u32 nr, frames, first, last;
};

/* Allocates all memory for the change. Returns 0, or -ENOMEM if there is no memory or there would
 * be more than VMAS_MAX. The space is as it was in any case. */
int vma_prepare(const struct mm *mm, struct vma_change *change);
/* Makes a prepared change. */
void vma_commit(struct mm *mm, struct vma_change *change);

/* Copies all VMAs of `from` to a new space without any. Returns 0 or -ENOMEM. Call with the mmap
 * lock of `from` held, while no other CPU knows `mm`. Linux dup_mmap(). */
int vma_dup(struct mm *mm, const struct mm *from);
/* Forgets all VMAs of a space. */
void vma_free_all(struct mm *mm);
