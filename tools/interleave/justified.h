/* SPDX-License-Identifier: MIT */
/* The second judge, by whom a TLB may hold only what the tables justify. */
#pragma once

#include "arch/model/machine.h"

/* What a CPU has cached that nobody will flush any more (exploration.invariant). */
const char *justified_problem(void);
/* The hardware of a CPU has read a table in this frame (exploration.filled_from). */
const char *justified_fill(unsigned cpu, pfn_t table);
