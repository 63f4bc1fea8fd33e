/* SPDX-License-Identifier: MIT */
/* A space, and mappings in it by numbers of pages from the least address on. */
#pragma once

#include "kernel/errno.h"
#include "mm/page/exact.h"
#include "mm/space/mmap.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define RW	   (PROT_READ | PROT_WRITE)
#define ANON	   (MAP_PRIVATE | MAP_ANONYMOUS)
#define FIXED	   (ANON | MAP_FIXED)
#define MIN	   MMAP_MIN_ADDR
#define PAGES(n)   ((n)*PAGE_SIZE)
#define AT(n)	   (MIN + PAGES(n))
#define ANY_RIGHTS VM_MAY(VM_RIGHTS)

static struct mm mm;
static vaddr_t space_end;

static void fresh(void)
{
	machine_reset();
	assert(mm_create(&mm));
	space_end = user_end(mm.pgd);
}

/* The free frames, and those of the list of the family, which may stay longer than it need be. */
static inline u32 frames_without_list(void)
{
	u32 room = mm.family ? mm.family->room : 0;

	if (room)
		room = (u32)(exact_room(room * sizeof(*mm.family->mappings)) / PAGE_SIZE);
	return zone_free_frames() + room;
}

static inline vaddr_t map(unsigned page, unsigned pages, u32 prot)
{
	return do_mmap(&mm, AT(page), PAGES(pages), prot, FIXED);
}
