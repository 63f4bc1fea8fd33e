/* SPDX-License-Identifier: MIT */
/* CP0 registers from C (MIPS32 volume III, 9), by their number and select, and the TLB operations
 * that use them. */
#pragma once

#include "kernel/compiler.h"

#define cp0_read(number, select)                                                                   \
	({                                                                                         \
		u32 value_;                                                                        \
		__asm__ __volatile__("mfc0 %0,$" #number "," #select : "=r"(value_)::"memory");    \
		value_;                                                                            \
	})
#define cp0_write(number, select, value)                                                           \
	__asm__ __volatile__("mtc0 %0,$" #number "," #select "; ehb" ::"r"(value) : "memory")
/* Writes the upper half of a 64-bit register of XPA. A write of the lower half clears it. MTHC0
 * stands as its encoding, because each assembler wants its own option for it. */
#define cp0_write_high(number, value)                                                              \
	do {                                                                                       \
		register u32 high_ __asm__("$8") = (value);                                        \
		__asm__ __volatile__(".word 0x40c80000 | (" #number " << 11); ehb" ::"r"(high_)    \
				     : "memory");                                                  \
	} while (0)

#define cp0_read_high(number)                                                                      \
	({                                                                                         \
		register u32 high_ __asm__("$8");                                                  \
		__asm__ __volatile__(".word 0x40480000 | (" #number " << 11)"                      \
				     : "=r"(high_)::"memory");                                     \
		high_;                                                                             \
	})

#define cp0_index()		 cp0_read(0, 0)
#define cp0_set_index(value)	 cp0_write(0, 0, value)
#define cp0_set_entryhi(value)	 cp0_write(10, 0, value)
#define cp0_entryhi()		 cp0_read(10, 0)
#define cp0_count()		 cp0_read(9, 0)
#define cp0_set_compare(value)	 cp0_write(11, 0, value)
#define cp0_status()		 cp0_read(12, 0)
#define cp0_set_status(value)	 cp0_write(12, 0, value)
#define cp0_config(n)		 cp0_read(16, n)
#define cp0_pagegrain()		 cp0_read(5, 1)
#define cp0_set_pagegrain(value) cp0_write(5, 1, value)
#define cp0_set_ebase(value)	 cp0_write(15, 1, value)
#define cp0_cmgcrbase()		 cp0_read(15, 3)
#define cp0_cause()		 cp0_read(13, 0)
#define cp0_set_cause(value)	 cp0_write(13, 0, value)
#define cp0_prid()		 cp0_read(15, 0)

#define INDEX_NOT_FOUND BIT(31) /* of TLBP */
#define ENTRYHI_ASID	0xffu
#define ENTRYHI_EHINV	BIT(10) /* TLBWI makes the entry match nothing. TLBR says so */
#define ENTRYLO_G	BIT(0)
/* The number of TLB entries - 1, not counting entries of a fixed page size. */
#define config1_mmu_size(config1) ((config1) >> 25 & 0x3f)

/* The TLB operations. EHB makes their results and effects visible to the next instructions. */
#define tlb_probe()	    __asm__ __volatile__("tlbp; ehb" ::: "memory")
#define tlb_read_indexed()  __asm__ __volatile__("tlbr; ehb" ::: "memory")
#define tlb_write_indexed() __asm__ __volatile__("tlbwi; ehb" ::: "memory")
#define tlb_write_random()  __asm__ __volatile__("tlbwr; ehb" ::: "memory")
/*
 * TLBINVF invalidates every entry of any ASID. It stands as its encoding, because assemblers want
 * an option for it.
 */
#define tlb_invalidate_everything() __asm__ __volatile__(".word 0x42000004; ehb" ::: "memory")
/* Waits for a pending interrupt allowed by Status.IM, with any Status.IE. A CPU may also go on for
 * no reason. */
#define cpu_wait() __asm__ __volatile__("wait" ::: "memory")
