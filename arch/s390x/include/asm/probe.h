/* SPDX-License-Identifier: MIT */
/*
 * What the rows of hw/ look at the bare machine with, besides asm/sigp.h and asm/tlb.h: a word of
 * each CPU's prefix area that nobody else uses, its mark.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/ipi.h>

/* Of this CPU where it sees its prefix area, of another one at its absolute address. */
u32 *mark_of(unsigned cpu);
/* The word at that place of absolute 0, which this CPU sees where others see its prefix area. */
u32 *mark_absolute(void);

/* By whatever restarts the CPU, its mark is counted up, and its program goes on; false: as it was,
 * a restart ends in a screen. */
void restart_counts(unsigned cpu, bool counts);

/* The signal was sent, and the CPU has not yet looked what is meant. */
bool ipi_is_pending(unsigned cpu, enum ipi ipi);
