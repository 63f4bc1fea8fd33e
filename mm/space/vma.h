/* SPDX-License-Identifier: MIT */
/*
 * The mappings of an address space say where a program may access memory, and how.
 *
 * The VMAs of a space stand in one array, sorted by address, and never overlap. Neighbours
 * without a gap and with the same flags and file are one VMA, if the numbers of their pages go on.
 * A change makes a new array and puts it in the place of the old one, so it either happens as a
 * whole or, out of memory, not at all. Linux keeps a tree (vm_area_struct in a maple tree) and
 * changes it VMA by VMA.
 *
 * The lists of mappings of files and of the space's family (mm/object/object.h) change together
 * with the VMAs. Their records keep the files of all VMAs alive, so a VMA itself has no reference
 * on its file.
 *
 * Readers hold the space's mmap lock for reading, and changes hold it for writing.
 */
#pragma once

#include "mm/object/file.h"

/* Of a VMA. The first three have the values of PROT_READ, PROT_WRITE and PROT_EXEC, and
 * mprotect() may give the rights in VM_MAY(rights) later. Linux VM_READ .. VM_MAYEXEC. */
#define VM_READ	       BIT(0)
#define VM_WRITE       BIT(1)
#define VM_EXEC	       BIT(2)
#define VM_RIGHTS      (VM_READ | VM_WRITE | VM_EXEC)
#define VM_MAY(rights) ((rights) << 4)
/* A page of the kernel's for programs (Linux's vdso). No call changes its range. */
#define VM_SPECIAL BIT(8)
/* Stores go to the pages of the file, and are seen by all its mappings. Without it a store copies
 * the page. Linux VM_SHARED. */
#define VM_SHARED BIT(9)

struct vma {
	vaddr_t start, end; /* page-aligned, start < end */
	u32 flags;	    /* VM_* */
	u32 pgoff;	    /* the number of the page at the start */
	struct file *file;  /* NULL for private anonymous memory */
};

/* The number that the page of va has in the file of the VMA. Without a file, numbers begin as those
 * of the addresses where the memory was mapped, and keep their value when it moves. They wrap, but
 * no VMA has as many pages as there are numbers. Linux linear_page_index(). */
static inline u32 linear_page_index(const struct vma *vma, vaddr_t va)
{
	return vma->pgoff + (u32)((va - vma->start) >> PAGE_SHIFT);
}

/* Whether its pages, or its copies of a file's pages, are anonymous. Its family lists it then. */
static inline bool is_private(const struct vma *vma)
{
	return !(vma->flags & (VM_SHARED | VM_SPECIAL));
}

/* The number of the page of va in a new mapping without a file. */
static inline u32 first_pgoff(vaddr_t va)
{
	return (u32)(va >> PAGE_SHIFT);
}

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
		VMA_MAP,     /* one new mapping, of `flags` and `file`, replaces all others there */
		VMA_PROTECT, /* all of it is mapped, and gets the rights in `flags` */
	} kind;
	u32 flags;
	/* Of VMA_MAP, the file or NULL, and the number of the first page. */
	struct file *file;
	u32 pgoff;
	/* For VMA_MAP. Nothing is mapped in [gone_start, gone_end) afterwards. It may be empty, and
	 * has nothing in common with the other range. So mremap() moves a mapping in one change.
	 * The entries of the first `moved` bytes move to the new mapping. */
	vaddr_t gone_start, gone_end;
	size_t moved;
	/* Set by vma_prepare() to the new array and the range of VMAs to change in the old one. */
	struct vma *array;
	u32 nr, first, last;
	/* The objects with a place promised for a mapping that is made, or cut in two by one of the
	 * ranges. */
	struct object *promised[6];
	u32 nr_promised;
};

/* Allocates all memory for the change. Returns 0, or -ENOMEM if there is no memory or there would
 * be more than VMAS_MAX. The space is as it was in any case. */
int vma_prepare(struct mm *mm, struct vma_change *change);
/* Makes a prepared change. Before VMA_UNMAP and VMA_MAP the pages of the range are unmapped, and so
 * are those that are gone and do not move, because from here on nobody finds them by their object.
 * If `moved` is not 0, the object locks of the mapping are held on return. */
void vma_commit(struct mm *mm, struct vma_change *change);
/* Call when the entries have moved. Drops the object locks. */
void vma_moved(struct mm *mm, struct vma_change *change);

/* Copies all VMAs of `from` to a new space without any. Returns 0 or -ENOMEM. Call with the mmap
 * lock of `from` held, while no other CPU knows `mm`, which joins its family. Only this lock keeps
 * the files of the copies until vma_link(). Linux dup_mmap(). */
int vma_dup(struct mm *mm, const struct mm *from);
/* Puts the VMAs of such a space on the lists of their objects, each behind the VMAs of `from`.
 * Returns 0, or -ENOMEM, and then some of them may be listed. Linux
 * vma_interval_tree_insert_after(). */
int vma_link(struct mm *mm);
/* Forgets all VMAs of a space, listed or not. */
void vma_free_all(struct mm *mm);
