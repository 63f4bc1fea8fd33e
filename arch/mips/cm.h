/* SPDX-License-Identifier: MIT */
/* The coherence manager's global control registers, and the cluster power controller. */
#pragma once

#include "kernel/compiler.h"

/* Maps both at their usual places, and the interrupt controller. A machine without a coherence
 * manager has none of the three and only one CPU, as QEMU's Malta with -smp 1. */
void cm_init(void);
bool cm_present(void);
/* Returns the number of virtual processors of this core. */
unsigned cm_virtual_processors(void);
/* Returns the number of cores beside this one. None of them is used. */
unsigned cm_other_cores(void);
/*
 * Starts virtual processor `vp` of this core at `entry`. Returns true if it runs within a second.
 */
bool cm_start(unsigned vp, const void *entry);

/* Returns the address of the interrupt controller's registers in KSEG1. */
volatile u8 *cm_gic(void);
