/* SPDX-License-Identifier: MIT */
/* Takes, uses and gives back a reference on a page of a program. */
#include "tests/lab/driver.h"

#include "kernel/errno.h"
#include "kernel/smp/percpu.h"

int sys_driver_get(struct variant *v, vaddr_t va, u32 flags)
{
	if (v->driver)
		return -EBUSY;
	return gup_fast(ALIGN_DOWN(va, PAGE_SIZE), 1, flags, &v->driver) == 1 ? 0 : -EFAULT;
}

int sys_driver_page_out(vaddr_t va)
{
	return page_out(READ_ONCE(this_cpu()->mm), va);
}

u32 sys_driver_page_out_range(vaddr_t va, size_t len)
{
	return page_out_range(READ_ONCE(this_cpu()->mm), va, va + len);
}

int sys_driver_migrate(vaddr_t va)
{
	return migrate_page(READ_ONCE(this_cpu()->mm), va, false);
}

int sys_driver_migrate_longterm(vaddr_t va)
{
	return migrate_page(READ_ONCE(this_cpu()->mm), va, true);
}

static u32 *word_of(const struct variant *v, size_t offset)
{
	return (u32 *)page_map(page_to_pfn(v->driver), WINDOW_A) + offset / sizeof(u32);
}

u32 sys_driver_load(const struct variant *v, size_t offset)
{
	return v->driver ? READ_ONCE(*word_of(v, offset)) : 0;
}

void sys_driver_store(const struct variant *v, size_t offset, u32 value)
{
	if (v->driver)
		WRITE_ONCE(*word_of(v, offset), value);
}

void sys_driver_put(struct variant *v)
{
	struct page *page = v->driver;

	v->driver = NULL;
	if (page)
		put_page(page);
}
