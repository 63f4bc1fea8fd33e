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

#define MAP_PRIVATE	    0x02u
#define MAP_FIXED	    0x10u
#define MAP_ANONYMOUS	    0x20u
#define MAP_FIXED_NOREPLACE 0x100000u

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
 * Maps len bytes of private anonymous memory and returns their address. Without MAP_FIXED and
 * MAP_FIXED_NOREPLACE addr is a hint, rounded down to a page (Linux rounds as well). If the range
 * there is taken or addr is 0, the lowest gap with room is used. MAP_FIXED replaces what is there.
 * Errors: -EINVAL (len 0, unknown bits in prot or flags, no MAP_PRIVATE, no MAP_ANONYMOUS, addr of
 * MAP_FIXED unaligned), -EACCES (prot beyond its PROT_MAX), -EPERM (MAP_FIXED below MMAP_MIN_ADDR,
 * or over VM_SPECIAL), -EEXIST (MAP_FIXED_NOREPLACE over a mapping), -ENOMEM (no room, no memory,
 * more than VMAS_MAX mappings).
 */
vaddr_t do_mmap(struct mm *mm, vaddr_t addr, size_t len, u32 prot, u32 flags);

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
