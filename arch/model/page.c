/* SPDX-License-Identifier: MIT */
/* Filling pages and tables for the kernel. */
#include <asm/page.h>
#include <asm/pgtable.h>

#include "arch/model/model.h"

void clear_page(void *p)
{
	model_fill(p, 0);
}

void fill_page(void *p, u32 word)
{
	model_fill(p, (u64)word << 32 | word);
}

void table_init(void *page, entry_t none)
{
	model_fill(page, entry_value(none));
}
