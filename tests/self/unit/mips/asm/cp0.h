/* SPDX-License-Identifier: MIT */
/* The test's own CP0. The port's names stand for stored registers, with a log of the accesses
 * (tests/self/unit/mips/host.h). */
#pragma once

#include "arch/mips/include/asm/cp0.h"

u32 host_mfc0(unsigned number, unsigned select);
void host_mtc0(unsigned number, unsigned select, u32 value);
u32 host_mfhc0(unsigned number);
void host_mthc0(unsigned number, u32 value);
void host_tlb_op(const char *name);
void host_wait(void);

#undef cp0_read
#undef cp0_write
#undef cp0_read_high
#undef cp0_write_high
#undef tlb_probe
#undef tlb_read_indexed
#undef tlb_write_indexed
#undef tlb_write_random
#undef tlb_invalidate_everything
#undef cpu_wait
#define cp0_read(number, select)	 host_mfc0(number, select)
#define cp0_write(number, select, value) host_mtc0(number, select, value)
#define cp0_read_high(number)		 host_mfhc0(number)
#define cp0_write_high(number, value)	 host_mthc0(number, value)
#define tlb_probe()			 host_tlb_op("tlbp")
#define tlb_read_indexed()		 host_tlb_op("tlbr")
#define tlb_write_indexed()		 host_tlb_op("tlbwi")
#define tlb_write_random()		 host_tlb_op("tlbwr")
#define tlb_invalidate_everything()	 host_tlb_op("tlbinvf")
#define cpu_wait()			 host_wait()
