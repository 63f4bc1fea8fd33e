/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios in which CPU 1 moves the page of the tested address to another frame. */
#pragma once

#include "kernel/errno.h"
#include "tests/lab/driver.h"
#include "tests/lab/mapped.h"
#include "tests/lab/process.h"

enum {
	PROGRAM,
	MIGRATOR,
};

/* v->value. */
enum {
	ERROR, /* of the migration */
	NR_MIGRATED,
};

static inline void migrate(struct variant *v)
{
	v->value[ERROR] = (u32)sys_driver_migrate(v->va);
}

/* Returns whether the page lies in another frame now. v->a is the first one. */
static inline bool has_moved(struct variant *v)
{
	pte_t pte = entry_read(v->ptep);

	return entry_present(pte) && vm_normal_page(pte) != v->a;
}
