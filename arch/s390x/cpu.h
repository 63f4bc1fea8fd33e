/* SPDX-License-Identifier: MIT */
/* The port's data for each CPU. It is in the CPU's prefix area, which the CPU sees at real address
 * 0. */
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
	u32 id; /* for cpu_id() of asm/smp.h */
	u32 hw_id;
	vaddr_t stack, emergency; /* lowest addresses */
	vaddr_t user_context;
	struct psw user_psw;
	u32 ipi_pending;  /* shared, BIT(enum ipi), set by senders */
	u32 service_done; /* a service signal came */
	u32 live;	  /* shared, has been started */
	u32 stopped;	  /* smp_stop_others() stopped it, status says where */
	struct user_end user_end;
	u32 mark; /* shared, see asm/probe.h */
	u8 unused[LC_STATUS_PSW - LC_MARK - sizeof(u32)];
	struct psw status; /* assigned at absolute 0, STOP AND STORE STATUS, in ours a copy */
	u8 rest[0x2000 - 0x1310];
} __aligned(8192);
_Static_assert(sizeof(struct lowcore) == 8192, "a prefix area has 8 KiB");

/* Each CPU's prefix area, by its absolute address. smp_discover() fills it. NULL if there is no CPU
 * of this number. */
extern struct lowcore *lowcores[MAX_CPUS];

/* As lowcores[], for any CPU, also for the one that sees its own at 0. */
struct lowcore *lowcore_of(unsigned cpu);

/* Returns the area at absolute 0. This CPU sees it at the address where others see the CPU's own
 * prefix area. */
struct lowcore *lowcore_absolute(void);

static inline struct lowcore *this_lowcore(void)
{
	struct lowcore *lowcore;

	__asm__("lghi %0,0" : "=d"(lowcore)); /* hidden, because a compiler knows about NULL */
	return lowcore;
}

/* Names the stacks in [block, block + STACK_BLOCK_SIZE) as the CPU's, lays the canaries and fills
 * the prefix area. Call while the CPU does not run. */
void lowcore_prepare(struct lowcore *lowcore, unsigned cpu, u32 hw_id, vaddr_t block);
/* From now on interruptions run with address translation. */
void lowcore_set_dat(struct lowcore *lowcore);
/* Loads control registers and switches on address translation, on this CPU. */
void cpu_load(void);
