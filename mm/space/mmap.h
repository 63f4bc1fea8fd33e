/* SPDX-License-Identifier: MIT */
/*
 * Changes of the mappings of a space, with Linux's arguments, results and errors. What is ours and
 * not Linux's says so.
 *
 * Lengths are rounded up to whole pages. A call that fails with -ENOMEM for want of memory has
 * changed nothing (Linux may have done a part). A range with a page of VM_SPECIAL in it is -EPERM,
 * and nothing is done (ours). Addresses end at user_end(), and a range that leaves user space or
 * wraps has the error of the call.
 */
#pragma once

#include "mm/space/vma.h"

#define PROT_NONE  0u
#define PROT_READ  VM_READ
#define PROT_WRITE VM_WRITE
#define PROT_EXEC  VM_EXEC
/* Rights that mprotect() may not go beyond later. Without it there is no bound. FreeBSD mmap(2). */
#define PROT_MAX(prot)	       ((prot) << 16)
#define PROT_MAX_OF(prot_bits) ((prot_bits) >> 16)

#define MAP_SHARED	    0x01u
#define MAP_PRIVATE	    0x02u
#define MAP_FIXED	    0x10u
#define MAP_ANONYMOUS	    0x20u
#define MAP_FIXED_NOREPLACE 0x100000u

#define MREMAP_MAYMOVE 1u
#define MREMAP_FIXED   2u

#define MADV_DONTNEED 4u

/* No mapping begins below, so that a null pointer faults. Linux vm.mmap_min_addr. */
#define MMAP_MIN_ADDR (16 * PAGE_SIZE)

/* Whether the address returned by do_mmap() is a negative errno. Linux IS_ERR_VALUE(). */
static inline bool is_error(vaddr_t va)
{
	return va >= (vaddr_t)-4095l;
}

/*
 * Call these with the mmap lock held for writing.
 */

/*
 * Maps len bytes of a file, from its page pgoff on, and returns their address. With MAP_ANONYMOUS
 * there is no file, which is then NULL. Such memory is private, or it is MAP_SHARED and gets a file
 * of zeros of its own. A file may end before its mapping does, and an access beyond its last page
 * is VM_FAULT_SIGBUS.
 *
 * Without MAP_FIXED and MAP_FIXED_NOREPLACE addr is a hint, rounded down to a page (Linux rounds as
 * well). If the range there is taken or addr is 0, the lowest gap with room is used. MAP_FIXED
 * replaces what is there. Errors: -EINVAL (len 0, unknown bits in prot or flags, neither
 * MAP_PRIVATE nor MAP_SHARED, or both of them, which is Linux's MAP_SHARED_VALIDATE, a file with
 * MAP_ANONYMOUS, which Linux ignores, addr of MAP_FIXED unaligned), -EBADF (neither a file nor
 * MAP_ANONYMOUS), -EOVERFLOW (a place in the file beyond 2^32 pages), -EACCES (prot beyond its
 * PROT_MAX, or a shared mapping that may write to a FILE_READ_ONLY), -EPERM (MAP_FIXED below
 * MMAP_MIN_ADDR, or over VM_SPECIAL), -EEXIST (MAP_FIXED_NOREPLACE over a mapping), -ENOMEM (no
 * room, no memory, more than VMAS_MAX mappings, or more shared anonymous memory than
 * FILE_SIZE_MAX).
 */
vaddr_t do_mmap_file(struct mm *mm, struct file *file, u32 pgoff, vaddr_t addr, size_t len,
		     u32 prot, u32 flags);

/* The same without a file. */
static inline vaddr_t do_mmap(struct mm *mm, vaddr_t addr, size_t len, u32 prot, u32 flags)
{
	return do_mmap_file(mm, NULL, 0, addr, len, prot, flags);
}

/*
 * Takes all mappings in [addr, addr + len) away, with their pages, and the page tables that have
 * nothing left to map. Holes are skipped, so an empty range is a success. On return no CPU uses any
 * of it. Errors: -EINVAL (addr unaligned, len 0, beyond user space), -ENOMEM, -EPERM.
 */
int do_munmap(struct mm *mm, vaddr_t addr, size_t len);

/*
 * Gives [addr, addr + len) the rights prot. On return no CPU has more. At a hole, or at a mapping
 * that does not allow them, it stops: what lies before has the new rights, and the result is
 * -ENOMEM or -EACCES. len 0 is 0. Errors: -EINVAL (addr unaligned, unknown bits), -ENOMEM (a hole,
 * beyond user space, no memory), -EACCES, -EPERM.
 */
int do_mprotect(struct mm *mm, vaddr_t addr, size_t len, u32 prot);

/*
 * Gives the mapping of [addr, addr + old_len) the length new_len, and returns its address. Its
 * pages and rights stay. Pages beyond the new length go, and new ones are fresh. On return no CPU
 * uses an address of the old range outside of the new one. A mapping of a file may become longer
 * than the file, see above.
 *
 * To become shorter, a range stays where it is. To become longer, it does so too if it is the end
 * of its mapping and the room behind is free. Otherwise it moves to the lowest gap with
 * MREMAP_MAYMOVE, and fails without. MREMAP_FIXED always moves it to new_addr, in place of all
 * mappings there. A range to move or to make longer lies in one mapping. A range to make shorter
 * may end in another one or in a hole, as in Linux.
 *
 * Errors: -EINVAL (addr unaligned, new_len 0, unknown flags, MREMAP_FIXED without MREMAP_MAYMOVE,
 * old_len 0 of a range to move or to make longer, for which Linux maps shared memory once more, a
 * range beyond user space to make shorter, new_addr unaligned, the new range beyond user space or
 * over the old one, a range to make longer beyond 2^32 pages of its file), -EFAULT (no mapping at
 * addr, or a range to move or to make longer is not in one), -ENOMEM (no room, no memory, more than
 * VMAS_MAX mappings), -EPERM (MREMAP_FIXED below MMAP_MIN_ADDR, VM_SPECIAL in either range). On
 * an error nothing has changed (ours). Linux has unmapped the room at new_addr by then.
 */
vaddr_t do_mremap(struct mm *mm, vaddr_t addr, size_t old_len, size_t new_len, u32 flags,
		  vaddr_t new_addr);

/* Call with the mmap lock held for reading. MADV_DONTNEED drops the pages of [addr, addr + len).
 * Their next use finds fresh, cleared ones. Holes are skipped, and the result is -ENOMEM then.
 * len 0 is 0. Errors: -EINVAL (addr unaligned, unknown advice, wrapping), -ENOMEM, -EPERM. */
int do_madvise(struct mm *mm, vaddr_t addr, size_t len, u32 advice);

/*
 * Maps a page of the kernel's own for programs, at an address where nothing is. The mapping takes
 * the caller's reference on the page. Returns false if out of memory, and then the reference stays
 * the caller's. Call while no other CPU knows the space. Linux install_special_mapping().
 */
bool install_special_mapping(struct mm *mm, vaddr_t va, pte_t pte, u32 flags);

/* For the files of this room. */

/* Whether [start, start + len) lies in user space. len is a multiple of the page size. */
bool in_user_space(const struct mm *mm, vaddr_t start, size_t len);
/* Whether a page in [start, end) is VM_SPECIAL. */
bool has_special(const struct mm *mm, vaddr_t start, vaddr_t end);
/* Returns the lowest address from MMAP_MIN_ADDR on with len bytes unmapped, or -ENOMEM. */
vaddr_t lowest_gap(const struct mm *mm, size_t len);
/* Returns addr if a mapping may be put there, else the error. `replace` is for a caller that takes
 * away what is there. */
vaddr_t check_fixed(const struct mm *mm, vaddr_t addr, size_t len, bool replace);
/* Frees the page tables in [start, end) and at its edges that map nothing any more. They lie whole
 * in the hole around the range. Linux free_pgtables(), with its floor and ceiling. */
void free_tables(struct mm *mm, vaddr_t start, vaddr_t end);
