/* SPDX-License-Identifier: MIT */
/* What the port keeps for each CPU: its prefix area, which the CPU sees at real address 0. */
#pragma once

#include "arch/asm-generic/user.h"
#include "arch/s390x/asm_defs.h"
#include "arch/s390x/psw.h"
#include "kernel/compiler.h"
#include <asm/trap.h>

#define NR_CLASSES 6u

struct lowcore {
	u8 assigned0[LC_OLD_PSWS];
	struct psw old[NR_CLASSES];
	u8 assigned1[LC_NEW_PSWS - LC_OLD_PSWS - NR_CLASSES * sizeof(struct psw)];
	struct psw new[NR_CLASSES];
	u64 save[NR_CLASSES][8];
	struct psw return_psw;
	/* our own */
	u32 id; /* asm/smp.h: cpu_id() */
	u32 hw_id;
	vaddr_t stack, emergency; /* lowest addresses */
	vaddr_t user_context;
	struct psw user_psw;
	u32 ipi_pending;  /* shared: BIT(enum ipi), set by senders */
	u32 service_done; /* a service signal came */
	u32 live;	  /* shared: has been started */
	u32 stopped;	  /* smp_stop_others() stopped it; where: status */
	struct user_end user_end;
	u32 mark; /* shared: asm/probe.h */
	u8 unused[LC_STATUS_PSW - LC_MARK - sizeof(u32)];
	struct psw status; /* assigned: at absolute 0, STOP AND STORE STATUS. Ours: what it was */
	u8 rest[0x2000 - 0x1310];
} __aligned(8192);
_Static_assert(sizeof(struct lowcore) == 8192, "a prefix area has 8 KiB");

/* Of each CPU, by its absolute address. smp_discover() fills it. NULL: that number has no CPU. */
extern struct lowcore *lowcores[MAX_CPUS];

/* The same for use by any CPU, which sees its own at 0. */
struct lowcore *lowcore_of(unsigned cpu);

/* What is at absolute 0: this CPU sees it where its own prefix area is for all others. */
struct lowcore *lowcore_absolute(void);

static inline struct lowcore *this_lowcore(void)
{
	struct lowcore *lowcore;

	__asm__("lghi %0,0" : "=d"(lowcore)); /* hidden from a compiler that knows about NULL */
	return lowcore;
}

/* Names the stacks in [block, block + STACK_BLOCK_SIZE) as the CPU's, lays the canaries and fills
 * the prefix area; the CPU does not run. */
void lowcore_prepare(struct lowcore *lowcore, unsigned cpu, u32 hw_id, vaddr_t block);
/* From now on interruptions run with address translation on. */
void lowcore_set_dat(struct lowcore *lowcore);
/* This CPU: control registers, address translation. */
void cpu_load(void);
