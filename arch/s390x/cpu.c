/* SPDX-License-Identifier: MIT */
#include "arch/s390x/cpu.h"
#include "arch/s390x/entry.h"
#include "arch/s390x/features.h"
#include "arch/s390x/instructions.h"
#include "arch/s390x/paging.h"
#include <asm/smp.h>
#include <asm/stack.h>

#define CANARY 0x5ca1ab1e0ddba115ul

#define ASSERT_AT(type, field, at)                                                                 \
	_Static_assert(offsetof(type, field) == (at), "asm_defs.h: " #field)
ASSERT_AT(struct lowcore, old, LC_OLD_PSWS);
ASSERT_AT(struct lowcore, new, LC_NEW_PSWS);
ASSERT_AT(struct lowcore, save, LC_SAVE);
ASSERT_AT(struct lowcore, return_psw, LC_RETURN_PSW);
ASSERT_AT(struct lowcore, id, LC_CPU_ID);
ASSERT_AT(struct lowcore, id, LOWCORE_CPU_ID);
ASSERT_AT(struct lowcore, stack, LC_STACK);
ASSERT_AT(struct lowcore, emergency, LC_EMERGENCY);
ASSERT_AT(struct lowcore, user_context, LC_USER_CONTEXT);
ASSERT_AT(struct lowcore, user_psw, LC_USER_PSW);
ASSERT_AT(struct lowcore, mark, LC_MARK);
ASSERT_AT(struct lowcore, status, LC_STATUS_PSW);
ASSERT_AT(struct trap_frame, mask, FRAME_PSW);
ASSERT_AT(struct trap_frame, class, FRAME_CLASS);
ASSERT_AT(struct trap_frame, parameter, FRAME_EXTERNAL);
ASSERT_AT(struct trap_frame, translation, FRAME_TRANSLATION);
ASSERT_AT(struct trap_frame, machine_check, FRAME_MACHINE_CHECK);
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "asm_defs.h");

struct lowcore *lowcores[MAX_CPUS];

/* A CPU sees its own prefix area at 0, and in its place the first 8 KiB of storage. */
struct lowcore *lowcore_of(unsigned cpu)
{
	return cpu == cpu_id() ? this_lowcore() : lowcores[cpu];
}

struct lowcore *lowcore_absolute(void)
{
	return lowcores[cpu_id()];
}

static const u8 *const entries[NR_CLASSES] = {
	[CLASS_RESTART] = entry_restart, [CLASS_EXTERNAL] = entry_external,
	[CLASS_SVC] = entry_svc,	 [CLASS_PROGRAM] = entry_program,
	[CLASS_IO] = entry_io,		 [CLASS_MACHINE_CHECK] = entry_machine_check,
};

void lowcore_prepare(struct lowcore *lowcore, unsigned cpu, u32 hw_id, vaddr_t block)
{
	for (unsigned class = 0; class < NR_CLASSES; class ++)
		lowcore->new[class] = (struct psw){PSW_64, (vaddr_t)entries[class]};
	lowcore->id = cpu;
	lowcore->hw_id = hw_id;
	lowcore->emergency = block + GUARD_SIZE;
	lowcore->stack = lowcore->emergency + EMERGENCY_STACK_SIZE + GUARD_SIZE;
	lowcore->user_context = 0;
	lowcore->ipi_pending = lowcore->live = lowcore->stopped = 0;
	*(u64 *)lowcore->emergency = CANARY;
	*(u64 *)lowcore->stack = CANARY;
}

bool stack_intact(unsigned cpu)
{
	const struct lowcore *lowcore = lowcore_of(cpu);

	return READ_ONCE(*(const u64 *)lowcore->stack) == CANARY &&
	       READ_ONCE(*(const u64 *)lowcore->emergency) == CANARY;
}

void lowcore_set_dat(struct lowcore *lowcore)
{
	for (unsigned class = 0; class < NR_CLASSES; class ++)
		lowcore->new[class].mask |= PSW_DAT | PSW_MCHECK;
}

void cpu_load(void)
{
	write_control(0, CR0_SPACE | CR0_EMERGENCY | CR0_LOW_PROTECTION |
				 (s390_features.iep ? CR0_IEP : 0));
	write_control(1, paging_asce());
	write_control(7, pgd_asce(pgd_kernel()));
	write_control(13, pgd_asce(pgd_kernel()));
	dat_on();
}
