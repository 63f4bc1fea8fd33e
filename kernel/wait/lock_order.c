/* SPDX-License-Identifier: MIT */
/* Tells of a lock taken in the wrong order. */
#include "kernel/wait/lock_order.h"

#include "kernel/printk.h"

static const char *const lock_name[NR_LOCK_LEVELS + 1] = {
	[LOCK_MMAP] = "the mmap lock",
	[LOCK_TABLES] = "the page-table lock",
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
