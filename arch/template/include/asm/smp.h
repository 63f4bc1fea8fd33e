/* SPDX-License-Identifier: MIT */
/* CPUs. Say where the number of this one is kept, where the list of all comes from, and how they
 * are started. */
#pragma once

#include "arch/asm-generic/smp.h"

unsigned cpu_id(void);
