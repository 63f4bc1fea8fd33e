/* SPDX-License-Identifier: MIT */
#include "arch/mips/cpu.h"
#include "arch/mips/machine_check.h"
#include <asm/cp0.h>
#include <asm/machine_check.h>

#define STATUS_TS   BIT(21)
#define INSTRUCTION 4u /* bytes */
/* The major opcode of the TLB operations, COP0 with the bit CO. */
#define COP0_CO_MASK 0xfe000000u
#define COP0_CO	     0x42000000u

void machine_check_expect(void)
{
	struct mips_cpu *c = mips_this_cpu();

	c->machine_checks = 0;
	c->machine_check_expected = true;
}

u32 machine_checks_taken(void)
{
	struct mips_cpu *c = mips_this_cpu();

	c->machine_check_expected = false;
	return c->machine_checks;
}

bool machine_check_survived(struct trap_frame *frame)
{
	struct mips_cpu *c = mips_this_cpu();

	if (!c->machine_check_expected)
		return false;
	c->machine_checks++;
	tlb_invalidate_everything();
	frame->status &= ~STATUS_TS;
	if ((*(const u32 *)(vaddr_t)frame->epc & COP0_CO_MASK) == COP0_CO)
		frame->epc += INSTRUCTION;
	return true;
}
