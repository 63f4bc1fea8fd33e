/* SPDX-License-Identifier: MIT */
/* The capabilities of this port. Scenarios ask for these (and probes), never for the name of a port
 * or of the engine. Each is a fact of the machine, so look it up. A 1 may want more symbols, see
 * docs/porting.md. */
#pragma once

#define PORT_NAME "template"

#define CAP_SPLIT_ENTRIES   0 /* an entry is two words, so reads and writes can tear */
#define CAP_ATOMIC64	    1 /* an entry is read and exchanged by one access */
#define CAP_HW_WALKER	    1 /* the TLB is filled by hardware */
#define CAP_HW_AD	    1 /* hardware, or a handler of ours, marks entries young and dirty */
#define CAP_ASIDS	    0 /* translations are tagged by a number, and numbers are reused */
#define CAP_DYNAMIC_FOLDING 0 /* the number of levels is a property of a space */
#define CAP_BROADCAST_FLUSH 0 /* a flush reaches every CPU without an interrupt */
#define CAP_NOWAIT_FLUSH    0 /* a flush gets past interrupts that are off */
#define CAP_STORE_ORDERED   0 /* missing read and write barriers do not show */
#define CAP_SHARED_SPACE    0 /* user spaces have the kernel's pages too */
#define CAP_NAP		    0 /* a timer interrupt ends cpu_nap() */
#define CAP_RELAX_YIELDS    0 /* cpu_relax() lets an emulator run another CPU */
