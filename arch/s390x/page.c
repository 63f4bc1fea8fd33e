/* SPDX-License-Identifier: MIT */
#include "kernel/printk.h"
#include <asm/pgtable.h>
#include <asm/page.h>
#include "arch/asm-generic/page-checksum.h"

/* Stores are volatile, because a page may be a table a CPU still walks, and gcc must not call
 * memset(). */
void fill_page(void *p, u32 word)
{
	u64 both = (u64)word << 32 | word;

	for (unsigned i = 0; i < PAGE_SIZE / sizeof(both); i++)
		WRITE_ONCE(((u64 *)p)[i], both);
}

void clear_page(void *p)
{
	fill_page(p, 0);
}

void copy_page(void *to, const void *from)
{
	for (unsigned i = 0; i < PAGE_SIZE / sizeof(u64); i++)
		WRITE_ONCE(((u64 *)to)[i], READ_ONCE(((const u64 *)from)[i]));
}

_Noreturn void entry_exchange_failed(const entry_t *ep)
{
	panic("the entry at 0x%lx was another one at each of %u compare-exchanges in a row",
	      (unsigned long)ep, EXCHANGES_MOST);
}

_Noreturn void compare_and_swap_failed(const u32 *p)
{
	panic("the word at 0x%lx was another one at each of %u COMPARE AND SWAPs in a row",
	      (unsigned long)p, SWAPS_MOST);
}
