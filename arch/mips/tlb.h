/* SPDX-License-Identifier: MIT */
/* The TLB's handler, and what else of the TLB is this port's own. */
#pragma once

#include "arch/mips/fill.h"

/* On each CPU, after mips_cpu_init(): its TLB and its registers, empty, the kernel's own space
 * loaded. */
void tlb_init(void);

/* A TLB exception, all interrupts off: FILL_AGAIN: try the access again. */
enum fill_answer tlb_exception(vaddr_t va, bool store);

/* Makes a page of device registers, out of KSEG1's reach, readable and writable for the kernel,
 * uncached; NULL: no room. */
void *map_device(paddr_t pa);
