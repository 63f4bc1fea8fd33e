/* SPDX-License-Identifier: MIT */
/* The TLB's handler, and other TLB functions only of this port. */
#pragma once

#include "arch/mips/fill.h"

/* Call on each CPU after mips_cpu_init(). Empties its TLB, sets its registers, and loads the
 * kernel's own space. */
void tlb_init(void);

/*
 * Serves a TLB exception. Call with all interrupts off. If it returns FILL_AGAIN, try the access
 * again.
 */
enum fill_answer tlb_exception(vaddr_t va, bool store);

/* Maps a page of device registers out of KSEG1's reach, readable and writable for the kernel,
 * uncached. Returns NULL if there is no room. */
void *map_device(paddr_t pa);
