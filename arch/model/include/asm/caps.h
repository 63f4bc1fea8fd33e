/* SPDX-License-Identifier: MIT */
/*
 * The capabilities of this port, which is one of four machines, chosen when it is compiled.
 *
 * MODEL_SPLIT has two-word entries and 4 levels, and its p4d is always folded. MODEL_WORD has
 * one-word entries and 3 levels, preallocated and limited as PAE's. MODEL_XPA has the two-word
 * entries of arch/mips and 3 levels. TLB handlers take the place of hardware. MODEL_FOLDING has
 * one-word entries with their level in them, spaces of 2 to 5 levels, and a flush that reaches
 * every CPU without an interrupt, as on s390x.
 */
#pragma once

#define PORT_NAME "model"

#if defined(MODEL_SPLIT) || defined(MODEL_XPA)
#define CAP_SPLIT_ENTRIES 1
#else
#define CAP_SPLIT_ENTRIES 0
#endif
#ifdef MODEL_FOLDING
#define CAP_DYNAMIC_FOLDING 1
#define CAP_BROADCAST_FLUSH 1
#else
#define CAP_DYNAMIC_FOLDING 0
#define CAP_BROADCAST_FLUSH 0
#endif
#ifdef MODEL_XPA
#define CAP_ATOMIC64  0
#define CAP_HW_WALKER 0
#else
#define CAP_ATOMIC64  1
#define CAP_HW_WALKER 1 /* model_load() uses a TLB, and a plain store leaves it stale */
#endif
#define CAP_ASIDS	  0
#define CAP_HW_AD	  1
#define CAP_NOWAIT_FLUSH  1 /* irq_disable() does not hold this interrupt back */
#define CAP_STORE_ORDERED 0 /* the weakest memory model in an exploration */
#define CAP_SHARED_SPACE  0
#define CAP_RELAX_YIELDS  1 /* cpu_relax() lets the others run */
#ifdef MODEL_WORD
#define CAP_NAP 1 /* until an interrupt, as there is no timer. Only for scenarios with wait_naps */
#else
#define CAP_NAP 0 /* spins are waits of the explorer, and tlb/nap naps by itself */
#endif
