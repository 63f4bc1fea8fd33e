/* SPDX-License-Identifier: MIT */
/* A CPU as the kernel wants it (MIPS32 volume III, 9: the registers' sections). */
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "kernel/printk.h"
#include <asm/cp0.h>
#include <asm/irq.h>
#include <asm/smp.h>
#include <asm/stack.h>

_Static_assert(offsetof(struct mips_cpu, id) == 0, "cpu_id()");
_Static_assert(offsetof(struct mips_cpu, kernel_sp) == CPU_KERNEL_SP, "entry.S");
_Static_assert(offsetof(struct mips_cpu, user_context) == CPU_USER_CONTEXT, "user.S");
_Static_assert(offsetof(struct mips_cpu, bottom) == CPU_BOTTOM, "entry.S");
_Static_assert(offsetof(struct mips_cpu, top) == CPU_TOP, "head.S");
_Static_assert(offsetof(struct mips_cpu, emergency_top) == CPU_EMERGENCY_TOP, "entry.S");
_Static_assert(offsetof(struct trap_frame, reg) == FRAME_REG(0), "entry.S");
_Static_assert(offsetof(struct trap_frame, hi) == FRAME_HI, "entry.S");
_Static_assert(offsetof(struct trap_frame, lo) == FRAME_LO, "entry.S");
_Static_assert(offsetof(struct trap_frame, status) == FRAME_STATUS, "entry.S");
_Static_assert(offsetof(struct trap_frame, cause) == FRAME_CAUSE, "entry.S");
_Static_assert(offsetof(struct trap_frame, epc) == FRAME_EPC, "entry.S");
_Static_assert(offsetof(struct trap_frame, badvaddr) == FRAME_BADVADDR, "entry.S");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "entry.S");
_Static_assert(ST_IM_IRQS == STATUS_IM_IRQS && ST_IM_OTHER == STATUS_IM_NOWAIT, "entry.S");

#define CANARY 0x5ca1ab1eu

#define CONFIG3_LPA	    BIT(7)  /* XPA, with PageGrain.ELPA and MTHC0 */
#define CONFIG3_RXI	    BIT(12) /* read and execute inhibit */
#define CONFIG_MT_SHIFT	    7	    /* 3 bits, 1 for a TLB of one part */
#define CONFIG4_IE_SHIFT    29 /* 2 bits, 2 or 3 for EntryHi.EHINV and TLBINVF, one or all parts */
#define CONFIG4_KSCREXIST_1 BIT(18) /* KScratch1, select 2 */
#define PAGEGRAIN_ELPA	    BIT(29)
#define PAGEGRAIN_XIE	    BIT(30)
#define PAGEGRAIN_IEC	    BIT(27) /* inhibited accesses have exceptions of their own */
#define CAUSE_IV	    BIT(23)
#define EBASE_ADDRESS	    0xfffff000u

struct mips_cpu mips_cpus[MAX_CPUS];

static void lay_canary(vaddr_t bottom)
{
	*(volatile u32 *)bottom = CANARY;
}

static bool has_canary(vaddr_t bottom)
{
	return *(volatile u32 *)bottom == CANARY;
}

void mips_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block)
{
	struct mips_cpu *c = &mips_cpus[cpu];

	c->id = cpu;
	c->hw_id = hw_id;
	c->emergency_bottom = block;
	c->emergency_top = block + EMERGENCY_SIZE;
	c->bottom = c->emergency_top;
	c->top = c->kernel_sp = c->bottom + STACK_SIZE;
	lay_canary(c->bottom);
	lay_canary(c->emergency_bottom);
}

bool stack_intact(unsigned cpu)
{
	return has_canary(mips_cpus[cpu].bottom) && has_canary(mips_cpus[cpu].emergency_bottom);
}

static void want(u32 bits, const char *what)
{
	if (!bits)
		refuse_machine("this CPU (PRId %#x) has no %s", cp0_prid(), what);
}

static bool invalidates_all(u32 ie, u32 mt)
{
	return ie == 3 || (ie == 2 && mt == 1);
}

void mips_cpu_init(void)
{
	cp0_set_ebase((u32)(vaddr_t)mips_vectors & EBASE_ADDRESS);
	cp0_set_cause(cp0_cause() & ~CAUSE_IV);
	irq_set_status(STATUS_IM_NOWAIT); /* clears BEV, ERL, EXL and IE, and sets kernel mode */
	want(cp0_config(3) & CONFIG3_LPA, "large physical addresses (Config3.LPA)");
	want(cp0_config(3) & CONFIG3_RXI, "execute inhibit (Config3.RXI)");
	want(invalidates_all(cp0_config(4) >> CONFIG4_IE_SHIFT & 3,
			     cp0_config(0) >> CONFIG_MT_SHIFT & 7),
	     "TLBINVF of the whole TLB (Config4.IE, Config.MT)");
	want(cp0_config(4) & CONFIG4_KSCREXIST_1, "KScratch1 (Config4.KScrExist)");
	cp0_set_pagegrain(cp0_pagegrain() | PAGEGRAIN_ELPA | PAGEGRAIN_XIE | PAGEGRAIN_IEC);
}
