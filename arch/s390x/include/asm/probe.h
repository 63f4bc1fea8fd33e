/* SPDX-License-Identifier: MIT */
/*
 * Tools for the rows of hw/ to look at the bare machine, besides asm/sigp.h and asm/tlb.h. The mark
 * is a word of each CPU's prefix area without any other use.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/ipi.h>

/* Returns the mark of a CPU, for this CPU at the place where it sees its prefix area, for another
 * one at its absolute address. */
u32 *mark_of(unsigned cpu);
/* Returns the word at the same place of absolute 0. This CPU sees it where others see its prefix
 * area. */
u32 *mark_absolute(void);

/* With `counts`, each restart of the CPU counts its mark up, and its program goes on. Without, a
 * restart ends in a screen, as before. */
void restart_counts(unsigned cpu, bool counts);

/* Tells whether the signal was sent and the CPU has not yet looked for its kind. */
bool ipi_is_pending(unsigned cpu, enum ipi ipi);
