/* SPDX-License-Identifier: MIT */
/*
 * User mode. No code runs there. user_run() itself makes the access of the routine at pc, with the
 * user's rights, and calls mm_fault() as kernel/trap.c does. So the page of routines need not be
 * mapped.
 */
#include <asm/irq.h>
#include <asm/trap.h>

#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/wait/wait.h"

/* A byte stands for a routine. */
__asm__(".pushsection .rodata\n"
	".globl user_code, user_code_end\n"
	".globl user_load_code, user_store_code, user_xchg_code, user_spin_code\n"
	"user_code:\n"
	"user_load_code: .byte 0\n"
	"user_store_code: .byte 0\n"
	"user_xchg_code: .byte 0\n"
	"user_spin_code: .byte 0\n"
	"user_code_end:\n"
	".popsection\n");

/* An instruction of a program, with its arguments. */
struct instruction {
	vaddr_t pc, va;
	u32 arg2;
	const void *caller;
};

static bool is_at(const struct instruction *in, const u8 *routine)
{
	return in->pc == USER_CODE + (vaddr_t)(routine - user_code);
}

static bool make(const struct instruction *in, u32 access, struct op op, u32 *value,
		 struct fault *fault)
{
	u64 result;

	if (in->va % sizeof(u32)) { /* as on mips */
		*fault = (struct fault){in->va, FAULT_USER | FAULT_PROTECTION | access};
		return false;
	}
	op.pc = in->caller;
	if (!translated_access(in->va, FAULT_USER | access, op, &result, fault))
		return false;
	*value = (u32)result;
	return true;
}

static bool load(const struct instruction *in, u32 *value, struct fault *fault)
{
	return make(in, 0, (struct op){.kind = OP_READ}, value, fault);
}

/* There is one instruction only, and it makes the call at once. */
static bool fetch(const struct instruction *in, u32 *value, struct fault *fault)
{
	const struct instruction at = {.va = in->pc, .caller = in->caller};

	if (!make(&at, FAULT_EXEC, (struct op){.kind = OP_READ}, value, fault))
		return false;
	if (*value == USER_RETURN_WORD)
		return true;
	*fault = (struct fault){in->pc, FAULT_USER | FAULT_ILLEGAL};
	return false;
}

static struct model_cpu *me(void)
{
	return &model_cpu[cpu_id()];
}

/* In the explorer it stands still until memory has changed or an interrupt came. The end of an
 * interrupt may have taken it out of user mode. */
static bool spin(const struct instruction *in, u32 *value, struct fault *fault)
{
	bool made;

	wait_until(!(made = load(in, value, fault)) || *value != in->arg2 || me()->left_user,
		   WAIT_JOB, 0);
	return made;
}

static bool execute(const struct instruction *in, u32 *value, struct fault *fault)
{
	if (is_at(in, user_load_code))
		return load(in, value, fault);
	if (is_at(in, user_store_code))
		return make(in, FAULT_WRITE, (struct op){.kind = OP_WRITE, .value = in->arg2},
			    value, fault);
	if (is_at(in, user_xchg_code))
		return make(in, FAULT_WRITE,
			    (struct op){.kind = OP_RMW,
					.rmw = RMW_XCHG,
					.value = in->arg2,
					.order = MODEL_FULL},
			    value, fault);
	return is_at(in, user_spin_code) ? spin(in, value, fault) : fetch(in, value, fault);
}

/* A page fault, as page_fault() of kernel/trap.c and the way back from there. Returns false if the
 * program ends by it. */
static bool mend(struct fault *fault)
{
	bool mended;

	me()->in_user = false;
	mended = !(fault->cause & FAULT_ILLEGAL) && mm_fault(fault);
	if (!mended)
		return false;
	irq_disable();
	me()->left_user = user_stop_due();
	me()->in_user = true;
	irq_enable();
	return true;
}

/* User mode begins and interrupts come on in one step, as by an IRET. */
bool user_run(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2, u32 *value, struct fault *fault)
{
	const struct instruction in = {pc, arg, arg2, __builtin_return_address(0)};
	bool were_on = irqs_enabled(), made;

	(void)sp;
	me()->left_user = false;
	me()->in_user = true;
	if (!were_on)
		irq_enable();
	do
		made = execute(&in, value, fault);
	while (!made && !me()->left_user && mend(fault) && !me()->left_user);
	if (!were_on)
		irq_disable(); /* as the trap of the call does */
	me()->in_user = false;
	return made || me()->left_user;
}
