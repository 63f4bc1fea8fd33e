/* SPDX-License-Identifier: MIT */
/* The second judge. It lets a TLB hold only translations that the tables justify. */
#pragma once

#include "arch/model/machine.h"

/* Looks for a cached translation that no CPU will flush any more, of any space of the variant. Call
 * in quiet states (quiet.h). Returns the problem or NULL. */
const char *justified_problem(void);
/* The hardware of a CPU has read a table in this frame (exploration.filled_from). */
const char *justified_fill(unsigned cpu, pfn_t table);
