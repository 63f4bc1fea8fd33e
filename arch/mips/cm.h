/* SPDX-License-Identifier: MIT */
/* The coherence manager's global control registers, and the cluster power controller. */
#pragma once

#include "kernel/compiler.h"

/* Maps both at their usual places, and the interrupt controller. Where there is no coherence
 * manager there is none of the three, and one CPU: QEMU's Malta with -smp 1. */
void cm_init(void);
bool cm_present(void);
/* Of this core. */
unsigned cm_virtual_processors(void);
/* Cores beside this one: none of them is used. */
unsigned cm_other_cores(void);
/* Has virtual processor `vp` of this core start at `entry`; true if it runs within a second. */
bool cm_start(unsigned vp, const void *entry);

/* Where the interrupt controller's registers are, in KSEG1. */
volatile u8 *cm_gic(void);
