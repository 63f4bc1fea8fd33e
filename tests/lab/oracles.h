/* SPDX-License-Identifier: MIT */
/*
 * Oracles of the spaces of programs, and one of the zero page. The former look at the tables, the
 * mappings and the counts of pages, and at no role's findings. These are the rules for all spaces
 * of a variant:
 *
 *	- An entry lies in a mapping and names a page.
 *	- It gives no right that the mapping does not give. Linux vma->vm_page_prot.
 *	- A page table stands only where a mapping has a part. Linux free_pgtables().
 *	- A page has as many references as entries. It has one more for being of the arena, one
 *	  for being of a file, and one if the driver has it.
 *	- A slot of the swap area has as many entries as its count says, and its page in the store
 *	  is as it was written out, unless the cache has the page. Linux swap_map.
 *	- A page with two entries is writable by none, so no process sees another one's store.
 *	  Linux copy_present_ptes(), is_cow_mapping().
 *	- The object of a page leads to all its entries. Linux rmap_walk().
 *	- An entry of the zero page is never writable. It has no reference. Linux vm_normal_page().
 *
 * Pages of VM_SPECIAL mappings are the kernel's, and have only the first rule. Spaces without
 * programs are filled by hand and follow none of them.
 */
#pragma once

#include "tests/lab/lab.h"

/* Returns NULL, or what is wrong first. The words last until the next call. Call while no CPU is
 * inside an operation on one of the spaces, with no store on its way. Changes nothing. */
const char *oracles_look(struct variant *v);
/* Returns NULL, or that the zero page has another word than 0. It then is cleared, so that the next
 * variant finds it as it should be. Call while no program runs. */
const char *oracles_look_at_zero_page(void);
/* Returns the words of an oracle. */
const char *oracles_say(const char *format, ...) __printf(1, 2);
/* For the plants of these oracles. Call where oracles_look() is called last. */
void oracles_plant(struct variant *v);
