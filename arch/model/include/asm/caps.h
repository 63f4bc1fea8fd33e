/* SPDX-License-Identifier: MIT */
/*
 * What this port can show: one of three machines, chosen when it is compiled.
 *
 * MODEL_SPLIT: two-word entries, 4 levels, p4d folded for good.
 * MODEL_WORD: one-word entries, 3 levels, preallocated and limited as PAE's.
 * MODEL_FOLDING: one-word entries that carry their level; spaces of 2 to 5 levels, as on s390x.
 */
#pragma once

#define PORT_NAME "model"

#ifdef MODEL_SPLIT
#define CAP_SPLIT_ENTRIES 1
#else
#define CAP_SPLIT_ENTRIES 0
#endif
#ifdef MODEL_FOLDING
#define CAP_DYNAMIC_FOLDING 1
#else
#define CAP_DYNAMIC_FOLDING 0
#endif
#define CAP_ATOMIC64	    1
#define CAP_HW_WALKER	    1 /* model_load(): a TLB that a plain store leaves stale */
#define CAP_HW_AD	    1
#define CAP_BROADCAST_FLUSH 0
#define CAP_NOSYNC_FLUSH    1 /* an interrupt that irq_disable() does not hold back */
#define CAP_STORE_ORDERED   1
#define CAP_SHARED_SPACE    0
