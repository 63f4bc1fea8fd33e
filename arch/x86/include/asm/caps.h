/* SPDX-License-Identifier: MIT */
/* What this port can show. Scenarios ask these (and probes), never the port's or engine's name. */
#pragma once

#define PORT_NAME "x86"

#define CAP_SPLIT_ENTRIES   1 /* an entry is two words: reads and writes can tear */
#define CAP_ATOMIC64	    1 /* CMPXCHG8B: whole-entry exchange and atomic read */
#define CAP_HW_WALKER	    1 /* the TLB is filled by hardware, one 64-bit read an entry */
#define CAP_HW_AD	    1 /* hardware sets Accessed and Dirty, by locked updates */
#define CAP_ASIDS	    0 /* a root that is loaded finds no translations in the TLB */
#define CAP_DYNAMIC_FOLDING 0 /* three levels, always */
#define CAP_BROADCAST_FLUSH 0 /* INVLPG and CR3 reach this CPU only: others need an IPI */
#define CAP_NOWAIT_FLUSH    1 /* an NMI can carry a shootdown past interrupts that are off */
#define CAP_STORE_ORDERED   1 /* TSO: missing read and write barriers do not show */
#define CAP_SHARED_SPACE    1 /* user spaces have the kernel's pages too, closed to users */
#define CAP_NAP		    0 /* no timer interrupt: a wait that slept could not see its deadline */
#define CAP_RELAX_YIELDS    1 /* PAUSE: an emulator with one thread for all CPUs runs another */
