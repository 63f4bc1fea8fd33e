/* SPDX-License-Identifier: MIT */
/*
 * The page of user code in the spaces of programs, for the lab and the bench.
 *
 * It holds the port's user_code and is mapped at USER_CODE (asm/trap.h). The page is read-only and
 * has tables of its own. These tables and the mapping's reference belong to the space and go with
 * it. The frame is taken once for all spaces.
 */
#pragma once

#include <asm/trap.h>

#include "mm/mm.h"

/* Takes the frame and fills it, at the first call. Call before free frames are counted. */
void user_code_take(void);
/* Maps the page. Returns false if out of memory. */
bool user_map_code(struct mm *mm);

/* Where a routine of user_code is in a space with the page. */
static inline vaddr_t user_code_at(const u8 *routine)
{
	return USER_CODE + (vaddr_t)(routine - user_code);
}
