/* SPDX-License-Identifier: MIT */
/* The CPUs with a space loaded, and how a CPU joins and leaves them. */
#pragma once

#include "mm/table/mm_struct.h"

/* Loads the space on this CPU, or the kernel's own for NULL. The masks follow. */
void mm_switch(struct mm *mm);

/* This CPU stops using user addresses for a while but keeps the root loaded. Shootdowns of data
 * leave it alone, but the freeing of tables and upgrades reach it. It catches up when it stops
 * being lazy. Linux enter_lazy_tlb(). */
void mm_lazy_enter(void);
void mm_lazy_exit(void);
