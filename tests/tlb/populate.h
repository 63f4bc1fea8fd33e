/* SPDX-License-Identifier: MIT */
/* A helper for scenarios in which one CPU both fills a slot and uses an old translation of it. */
#pragma once

#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "tests/lab/user.h"

/* As MADV_POPULATE_WRITE does, that is without an access. So the translation of this CPU stays.
 * Returns whether the fault was served. */
static inline bool populate(struct variant *v)
{
	struct fault fault = {.address = v->va, .cause = FAULT_USER | FAULT_WRITE};

	return mm_fault(&fault);
}
