/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot. Not for verdicts. */
#pragma once

#include "kernel/compiler.h"

void clock_init(void);
u64 clock_ns(void);
/* Raw counter, for cheap differences and seeds; clock_cycles_per_us() of them a microsecond. */
u64 clock_cycles(void);
u32 clock_cycles_per_us(void);
void delay_us(u32 us);
