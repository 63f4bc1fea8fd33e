/* SPDX-License-Identifier: MIT */
/*
 * What this port can show: one of four machines, chosen when it is compiled.
 *
 * MODEL_SPLIT: two-word entries, 4 levels, p4d folded for good.
 * MODEL_WORD: one-word entries, 3 levels, preallocated and limited as PAE's.
 * MODEL_XPA: the two-word entries of arch/mips, 3 levels, and its TLB handlers instead of hardware.
 * MODEL_FOLDING: one-word entries that carry their level; spaces of 2 to 5 levels, and a flush that
 * reaches every CPU without an interrupt, as on s390x.
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
#define CAP_HW_WALKER 1 /* model_load(): a TLB that a plain store leaves stale */
#endif
#define CAP_ASIDS	  0
#define CAP_HW_AD	  1
#define CAP_NOWAIT_FLUSH  1 /* an interrupt that irq_disable() does not hold back */
#define CAP_STORE_ORDERED 0 /* the weakest of the memory models it is explored under */
#define CAP_SHARED_SPACE  0
#define CAP_RELAX_YIELDS  1 /* cpu_relax() lets the others run */
#ifdef MODEL_WORD
#define CAP_NAP 1 /* until an interrupt, as there is no timer; where a scenario says wait_naps */
#else
#define CAP_NAP 0 /* spins are waits of the explorer; tlb/nap naps by itself */
#endif
