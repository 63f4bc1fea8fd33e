/* SPDX-License-Identifier: MIT */
/* Tells of a lock taken in the wrong order. */
#include "kernel/wait/lock_order.h"

#include "kernel/printk.h"

static const char *const lock_name[NR_LOCK_LEVELS + 1] = {
	[LOCK_MMAP] = "the mmap lock",
	[LOCK_SIZE] = "the lock of a file's size",
	[LOCK_PAGE] = "the lock of a page of a file or in swap",
	[LOCK_OBJECT] = "a file's lock",
	[LOCK_FAMILY] = "a lock of anonymous memory",
	[LOCK_TABLES] = "the space's page-table lock",
	[LOCK_PMD] = "a PMD table's lock",
	[LOCK_PTE_CHILD] = "the lock of a child's page table",
	[LOCK_PTE] = "a page table's lock",
	[LOCK_PTE_NEW] = "the lock of a page table that entries move to",
	[LOCK_SWAP] = "the swap area's lock",
	[LOCK_PCP] = "the lock of a CPU's frames",
	[LOCK_ZONE] = "a zone's lock",
	[NR_LOCK_LEVELS] = "a fault",
};

_Noreturn void lock_order_wrong(enum lock_level level, u32 held)
{
	unsigned innermost = 0;

	while (held >>= 1)
		innermost++;
	panic("lock order: CPU %u takes %s inside %s", cpu_id(), lock_name[level],
	      lock_name[innermost]);
}
