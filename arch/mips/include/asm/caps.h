/* SPDX-License-Identifier: MIT */
/*
 * The capabilities of this port. Scenarios ask for these (and probes), never for the name of a port
 * or of the engine.
 */
#pragma once

#ifdef __MIPSEB__
#define PORT_NAME "mips"
#else
#define PORT_NAME "mipsel"
#endif

#define CAP_SPLIT_ENTRIES   1 /* an entry is two words, so reads and writes can tear */
#define CAP_ATOMIC64	    0 /* LL and SC reach one word */
#define CAP_HW_WALKER	    0 /* our own handlers fill the TLB, word by word */
#define CAP_HW_AD	    1 /* they set accessed and modified, without the page-table lock */
#define CAP_ASIDS	    1 /* translations are tagged by a number, and numbers are reused */
#define CAP_DYNAMIC_FOLDING 0 /* three levels, always */
#define CAP_BROADCAST_FLUSH 0 /* there is no GINVT, so other CPUs need an IPI */
#define CAP_NOWAIT_FLUSH    1 /* irq_disable() leaves one interrupt unmasked */
#define CAP_SHARED_SPACE    1 /* user spaces have the kernel's pages too, closed to users */
#define CAP_STORE_ORDERED   0 /* the architecture orders little, whatever a machine does */
#define CAP_NAP		    1 /* a waiting CPU may sleep, and its timer wakes it for its deadline */
#define CAP_RELAX_YIELDS    0 /* see cpu_relax() */
