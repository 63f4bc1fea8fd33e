/* SPDX-License-Identifier: MIT */
/*
 * The zero page, and pages that begin as zeros.
 *
 * One frame of the machine holds zeros for ever. A load from anonymous memory that nobody has
 * stored to maps it, read-only, and the first store gets a cleared page in its place
 * (mm/fault/wp.c). Any number of entries may name it, so it is not counted. No mapping has a
 * reference on it, and fork and zap neither take nor give one. They ask vm_normal_page()
 * (mm/table/pgtable.h). Linux has empty_zero_page, and marks its entries by pte_mkspecial(). Here
 * nothing else would need the mark, so the number of the frame decides, and ports need no bit.
 *
 * The frame is as one that is not ours to give. Its count is 0 for ever and it is on no list.
 * So gup_fast() refuses it without a look at its number, because try_get_page() never revives a
 * count of zero. Today's Linux refuses it there too (gup_fast_pte_range(), pte_special()), and
 * leaves it to the slow path, which returns it without counting it for FOLL_PIN (c8070b787519 "mm:
 * Don't pin ZERO_PAGE in pin_user_pages()").
 */
#pragma once

#include "mm/page/page.h"

/* Set once, before there is a second CPU. */
extern pfn_t zero_pfn;

/* Linux is_zero_pfn(). */
static inline bool is_zero_pfn(pfn_t pfn)
{
	return pfn == zero_pfn;
}

/* Clears the frame, and makes it the zero page. It is directly mapped, and no zone was given it. */
void zero_page_init(pfn_t pfn);

/* Returns a directly mapped page of zeros with one reference, or NULL if no memory is left. Linux
 * vma_alloc_zeroed_movable_folio(). */
struct page *alloc_zeroed_page(void);
