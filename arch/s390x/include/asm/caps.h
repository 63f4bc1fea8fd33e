/* SPDX-License-Identifier: MIT */
/* The abilities of this port. Scenarios ask for these (and for probes), never for the port's or
 * engine's name. */
#pragma once

#define PORT_NAME "s390x"

#define CAP_SPLIT_ENTRIES   0 /* an entry is one word of 64 bits, single-copy atomic */
#define CAP_ATOMIC64	    1
#define CAP_HW_WALKER	    1 /* dynamic address translation, one fetch an entry */
#define CAP_HW_AD	    0 /* reference and change bits are in the storage key, not the entry */
#define CAP_ASIDS	    0 /* translations are tagged by the root itself */
#define CAP_DYNAMIC_FOLDING 1 /* two to five levels, by the type in a space's ASCE */
#define CAP_BROADCAST_FLUSH 1 /* IPTE, IDTE, CSP reach every CPU, without an interrupt */
#define CAP_NOWAIT_FLUSH    1 /* so interrupts that are off hold nothing back */
#define CAP_STORE_ORDERED   1 /* missing read and write barriers do not show */
#define CAP_SHARED_SPACE    0 /* a user space has nothing of the kernel's */
#define CAP_NAP		    0 /* no timer interrupt, so a sleeping wait would miss its deadline */
#define CAP_RELAX_YIELDS    0 /* DIAGNOSE 44 does nothing on QEMU */
