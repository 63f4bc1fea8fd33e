/* SPDX-License-Identifier: MIT */
/* Fills the code page of programs and maps it into their spaces. */
#include "tests/program/code_page.h"

#include "kernel/printk.h"
#include "kernel/string.h"
#include "mm/page/page.h"

static struct page *code_page;

/* A program going astray in the page comes back, wherever that is. */
void user_code_take(void)
{
	size_t size = (size_t)(user_code_end - user_code);
	void *at;

	if (code_page)
		return;
	code_page = alloc_page(ZONE_DIRECT);
	if (!code_page)
		panic("out of memory for the code page of programs");
	assert(size <= PAGE_SIZE);
	at = page_map(page_to_pfn(code_page), WINDOW_A);
	fill_page(at, USER_RETURN_WORD);
	memcpy(at, user_code, size);
}

bool user_map_code(struct mm *mm)
{
	assert(code_page);
	get_page(code_page);
	if (install_special_mapping(mm, USER_CODE,
				    mk_pte(page_to_pfn(code_page), PTE_USER | PTE_EXEC | PTE_YOUNG),
				    VM_READ | VM_EXEC))
		return true;
	put_page(code_page);
	return false;
}
