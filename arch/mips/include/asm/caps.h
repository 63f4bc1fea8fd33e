/* SPDX-License-Identifier: MIT */
/* What this port can show. Scenarios ask these (and probes), never the port's or engine's name. */
#pragma once

#ifdef __MIPSEB__
#define PORT_NAME "mips"
#else
#define PORT_NAME "mipsel"
#endif

#define CAP_SPLIT_ENTRIES   1 /* an entry is two words: reads and writes can tear */
#define CAP_ATOMIC64	    0 /* LL and SC reach one word */
#define CAP_HW_WALKER	    0 /* our own handlers fill the TLB, word by word */
#define CAP_HW_AD	    1 /* they set accessed and modified, without the page-table lock */
#define CAP_ASIDS	    1 /* translations are tagged by a number that is used again */
#define CAP_DYNAMIC_FOLDING 0 /* three levels, always */
#define CAP_BROADCAST_FLUSH 0 /* no GINVT: other CPUs need an IPI */
#define CAP_NOWAIT_FLUSH    1 /* an interrupt that irq_disable() does not mask */
#define CAP_SHARED_SPACE    1 /* user spaces have the kernel's pages too, closed to users */
#define CAP_STORE_ORDERED   0 /* the architecture orders little, whatever a machine does */
#define CAP_NAP		    1 /* a CPU that waits may sleep: Compare wakes it for its deadline */
#define CAP_RELAX_YIELDS    0 /* see cpu_relax() */
