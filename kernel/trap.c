/* SPDX-License-Identifier: MIT */
/* Gives each trap to its handler, and stops the machine at any other one. */
#include <asm/irq.h>
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"

static void page_fault(struct trap_frame *frame)
{
	struct fault fault = trap_fault(frame);

	if (!trap_from_user(frame)) {
		if (!trap_fixup(frame, &fault))
			panic_trap(frame, "unexpected fault in the kernel");
		return;
	}
	irq_enable(); /* user mode runs with interrupts on, and mm_fault takes locks */
	if (!mm_fault(&fault))
		user_leave_fault(&fault);
	irq_disable();
}

/* The program ends, as by an access that cannot be made. The kernel goes on. */
static _Noreturn void user_error(const struct trap_frame *frame)
{
	const struct fault fault = {trap_pc(frame), FAULT_USER | FAULT_ILLEGAL};

	user_leave_fault(&fault);
}

void trap(struct trap_frame *frame)
{
	enum trap_kind kind = trap_kind(frame);

	if (kind == TRAP_PAGE_FAULT)
		page_fault(frame);
	else if (kind == TRAP_USER_CALL && trap_from_user(frame))
		user_leave_call(frame);
	else if (kind == TRAP_USER_ERROR && trap_from_user(frame))
		user_error(frame);
	else
		panic_trap(frame, "unexpected trap");
}

void exit_to_user_mode(const struct trap_frame *frame)
{
	if (user_stop_due())
		user_leave_call(frame);
}

void interrupt_spurious(void)
{
	struct cpu *cpu = this_cpu();

	WRITE_ONCE(cpu->spurious, cpu->spurious + 1);
}
