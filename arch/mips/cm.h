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

/*
 * Moves the power controller's registers to physical address pa, 32 KiB aligned, as high as XPA
 * reaches: something to map there. Not once CPUs still have to be started.
 */
void cm_move_cpc(paddr_t pa);
/* Offset of a register there that says which virtual processors run: as many low bits as there are
 * CPUs. */
#define CPC_RUNNING 0x2030u
