/* SPDX-License-Identifier: MIT */
/* The abilities of this port. Scenarios ask for these (and for probes), never for the port's or
 * engine's name. */
#pragma once

#define PORT_NAME "x86"

#define CAP_SPLIT_ENTRIES   1 /* an entry is two words, so reads and writes can tear */
#define CAP_ATOMIC64	    1 /* CMPXCHG8B exchanges and reads a whole entry */
#define CAP_HW_WALKER	    1 /* the TLB is filled by hardware, one 64-bit read an entry */
#define CAP_HW_AD	    1 /* hardware sets Accessed and Dirty, by locked updates */
#define CAP_ASIDS	    0 /* a freshly loaded root has no translations in the TLB */
#define CAP_DYNAMIC_FOLDING 0 /* three levels, always */
#define CAP_BROADCAST_FLUSH 0 /* INVLPG and CR3 reach this CPU only, others need an IPI */
#define CAP_NOWAIT_FLUSH    1 /* an NMI can carry a shootdown to a CPU with interrupts off */
#define CAP_STORE_ORDERED   1 /* under TSO missing read and write barriers do not show */
#define CAP_SHARED_SPACE    1 /* user spaces have the kernel's pages too, closed to users */
#define CAP_NAP		    0 /* no timer interrupt, so a sleeping wait would miss its deadline */
#define CAP_RELAX_YIELDS    1 /* at PAUSE an emulator with one thread for all CPUs runs another */
