/* SPDX-License-Identifier: MIT */
/* Floor zero: the integers and the three kinds of address. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

typedef unsigned long vaddr_t; /* virtual address */
typedef u64 paddr_t;	       /* physical address, wider than a pointer on PAE */
typedef u32 pfn_t;	       /* physical address >> PAGE_SHIFT, where 32 bits reach 16 TiB */

/* One bit a CPU, by our own dense numbers (0 is the boot CPU). The mask is one word, so a marked
 * atomic operation covers all of it. A machine with more CPUs uses the first MAX_CPUS and says
 * so. */
typedef u32 cpumask_t;
#ifndef MAX_CPUS /* the explorer has few and keeps each CPU's words in every state */
#define MAX_CPUS 32u
#endif
