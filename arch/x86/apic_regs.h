/* SPDX-License-Identifier: MIT */
/*
 * The local APIC's registers in both of its modes (SDM vol. 3, 11.4 xAPIC, 11.12 x2APIC), as
 * numbers and words without any access. Pure code, tested in tests/self/unit/test_apic.c.
 */
#pragma once

#include "kernel/compiler.h"

/* Offsets in xAPIC mode's page (table 11-1). */
#define REG_ID	     0x020
#define REG_VERSION  0x030
#define REG_TPR	     0x080
#define REG_EOI	     0x0b0
#define REG_SVR	     0x0f0
#define REG_ISR	     0x100
#define REG_ESR	     0x280
#define REG_ICR_LOW  0x300 /* in x2APIC mode all 64 bits of the ICR */
#define REG_ICR_HIGH 0x310

/* The local vector table (11.5.1), and AMD's extension of it (APM vol. 2, 16.7). */
#define REG_LVT_CMCI	      0x2f0
#define REG_LVT_TIMER	      0x320
#define REG_LVT_THERMAL	      0x330
#define REG_LVT_PERFORMANCE   0x340
#define REG_LVT_LINT0	      0x350
#define REG_LVT_LINT1	      0x360
#define REG_LVT_ERROR	      0x370
#define REG_EXTENDED_FEATURES 0x400
#define REG_EXTENDED_LVT      0x500 /* the first of them */
#define EXTENDED_LVTS_MAX     16u   /* 0x500 to 0x5f0 */
#define LVT_MODE	      0x00700u
#define LVT_MODE_SMI	      0x00200u
#define LVT_MASKED	      BIT(16)
#define VERSION_EXTENDED      BIT(31)

/* Larger ids are broadcasts, or do not fit (11.6.1, 11.12.9). */
#define XAPIC_ID_MAX  254u
#define X2APIC_ID_MAX 0xfffffffeu

/* IA32_APIC_BASE (figure 11-5). */
#define BASE_X2APIC  BIT(10)
#define BASE_ENABLE  BIT(11)
#define BASE_ADDRESS (~0ull << 12 & ~0ull >> 12) /* bits 51:12, up to MAXPHYADDR */

/* Returns the MSR's value for a CPU with its APIC on, still in xAPIC mode, at the boot CPU's
 * address. */
static inline u64 apic_base_enabled(u64 base, u64 boot_base)
{
	return (base & ~BASE_ADDRESS) | boot_base | BASE_ENABLE;
}

/* Returns the same register as an MSR (11.12.1.2, table 11-6). */
static inline u32 x2apic_msr(u32 reg)
{
	return 0x800 + (reg >> 4);
}

/* Takes this CPU's id out of REG_ID, from bits 31:24 or all bits (11.12.5.1). */
static inline u32 apic_id_of(bool x2apic, u32 reg)
{
	return x2apic ? reg : reg >> 24;
}

/* Returns the word for REG_ICR_HIGH (11.6.1, figure 11-12). */
static inline u32 xapic_icr_high(u32 hw_id)
{
	return hw_id << 24;
}

/* Returns the whole ICR (11.12.9, figure 11-28). */
static inline u64 x2apic_icr(u32 hw_id, u32 low)
{
	return (u64)hw_id << 32 | low;
}
