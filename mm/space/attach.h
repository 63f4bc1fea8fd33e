/* SPDX-License-Identifier: MIT */
/* Which CPUs have a space loaded, and how one joins and leaves them. */
#pragma once

#include "mm/table/mm_struct.h"

/* Loads the space on this CPU, NULL for the kernel's own; the mask follows. */
void mm_switch(struct mm *mm);

/* This CPU stops using user addresses for a while but keeps the root loaded: shootdowns of data
 * leave it alone, the freeing of tables and upgrades do not. It catches up when it stops being
 * lazy. Linux enter_lazy_tlb(). */
void mm_lazy_enter(void);
void mm_lazy_exit(void);
