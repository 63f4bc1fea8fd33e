/* SPDX-License-Identifier: MIT */
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"
#include "arch/mips/gic.h"
#include "arch/mips/machine_check.h"
#include "arch/mips/stop.h"
#include "arch/mips/tlb.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/cp0.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <asm/tlb.h>
#include <asm/trap.h>

#define V0 2
#define V1 3
#define A0 4

#define STATUS_IM_ALL 0xff00u

static unsigned code_of(const struct trap_frame *frame)
{
	return frame->cause >> 2 & (NR_EXC - 1);
}

bool trap_from_user(const struct trap_frame *frame)
{
	return frame->status & ST_USER;
}

static bool is_store(unsigned code)
{
	return code == EXC_MODIFIED || code == EXC_TLB_STORE || code == EXC_ADDRESS_STORE;
}

static bool is_translated(unsigned code)
{
	return code == EXC_MODIFIED || code == EXC_TLB_LOAD || code == EXC_TLB_STORE ||
	       code == EXC_NO_READ || code == EXC_NO_EXEC;
}

/* An instruction or its fetch raised it. A bus error is one too, because a program may use an entry
 * with a physical address outside of RAM. */
static bool is_of_program(unsigned code)
{
	return code != EXC_INTERRUPT && code != EXC_MACHINE_CHECK && code != EXC_WATCH &&
	       code != EXC_CACHE_ERROR;
}

/* An access from user mode to a kernel address is an address error, and so is a misaligned access.
 * A bus error counts as a page's fault if try_load() or try_store() raised it. A user's other
 * exceptions are errors of its program. */
enum trap_kind trap_kind(const struct trap_frame *frame)
{
	unsigned code = code_of(frame);

	if (code == EXC_SYSCALL && trap_from_user(frame))
		return TRAP_USER_CALL;
	if (is_translated(code))
		return TRAP_PAGE_FAULT;
	if ((code == EXC_ADDRESS_LOAD || code == EXC_ADDRESS_STORE) && trap_from_user(frame))
		return TRAP_PAGE_FAULT;
	if (code == EXC_BUS_DATA &&
	    (frame->epc == (vaddr_t)try_load_access || frame->epc == (vaddr_t)try_store_access))
		return TRAP_PAGE_FAULT;
	return trap_from_user(frame) && is_of_program(code) ? TRAP_USER_ERROR : TRAP_OTHER;
}

/*
 * A bus error leaves BadVAddr as it was, so the address comes from try_load()'s or try_store()'s
 * argument. trap_kind() has checked that it was one of the two.
 */
struct fault trap_fault(const struct trap_frame *frame)
{
	unsigned code = code_of(frame);
	struct fault fault = {frame->badvaddr, trap_from_user(frame) ? FAULT_USER : 0};

	fault.cause |= is_store(code) ? FAULT_WRITE : 0;
	if (code == EXC_MODIFIED)
		fault.cause |= FAULT_PROTECTION;
	if (code == EXC_ADDRESS_LOAD || code == EXC_ADDRESS_STORE)
		fault.cause |= FAULT_PROTECTION | FAULT_LIMIT;
	if (code == EXC_NO_EXEC)
		fault.cause |= FAULT_PROTECTION | FAULT_EXEC;
	if (code == EXC_BUS_DATA) {
		fault.address = frame->reg[A0];
		fault.cause |= FAULT_PROTECTION | FAULT_RESERVED;
		if (frame->epc == (vaddr_t)try_store_access)
			fault.cause |= FAULT_WRITE;
	}
	return fault;
}

vaddr_t trap_pc(const struct trap_frame *frame)
{
	return frame->epc;
}

bool trap_fixup(struct trap_frame *frame, const struct fault *fault)
{
	if (frame->epc != (vaddr_t)try_load_access && frame->epc != (vaddr_t)try_store_access)
		return false;
	frame->epc = (vaddr_t)try_failed;
	frame->reg[V0] = fault->address;
	frame->reg[V1] = fault->cause;
	return true;
}

/* Otherwise an interrupted cpu_idle() could still sleep. */
static void end_idle(struct trap_frame *frame)
{
	if (frame->epc - (vaddr_t)mips_idle_start < (vaddr_t)(mips_idle_end - mips_idle_start))
		frame->epc = (vaddr_t)mips_idle_end;
}

/* Any interrupt ends the nap, and the timer is off again. */
static void end_nap(struct trap_frame *frame, u32 lines)
{
	mips_this_cpu()->nap_timed_out = !lines && frame->cause & STATUS_IM_TIMER;
	frame->status &= ~STATUS_IM_TIMER;
	irq_set_status(irq_flags() & ~STATUS_IM_TIMER);
}

static bool take(const struct trap_frame *frame, enum ipi ipi)
{
	if (!(frame->cause & frame->status & STATUS_IM(GIC_LINE(ipi))))
		return false;
	gic_ack(ipi);
	return true;
}

/* A line stays up until its device is served, and nobody here knows the device. So mask the line in
 * this handler and in the state of the interrupted code. */
static void stray(struct trap_frame *frame)
{
	u32 lines = frame->cause & frame->status & STATUS_IM_ALL;

	interrupt_unexpected(lines >> 8);
	irq_set_status(irq_flags() & ~lines);
	frame->status &= ~lines;
}

static void interrupt(struct trap_frame *frame)
{
	u32 lines = frame->cause & frame->status & (STATUS_IM_IRQS | STATUS_IM_NOWAIT);

	end_idle(frame);
	if (frame->status & STATUS_IM_TIMER) {
		end_nap(frame, lines);
		if (mips_this_cpu()->nap_timed_out)
			return;
	}
	if (!lines && frame->cause & frame->status & STATUS_IM_ALL)
		stray(frame);
	else if (!lines)
		interrupt_spurious();
	if (take(frame, IPI_SHOOTDOWN_NOWAIT)) {
		mips_stop_if_asked(frame->epc);
		if (!interrupt_nowait())
			panic("a nowait shootdown's interrupt, and nothing was asked");
	}
	irq_set_status(irq_flags() |
		       STATUS_IE); /* the same interrupt again, inside the others' handlers */
	if (take(frame, IPI_SHOOTDOWN))
		interrupt_shootdown();
	if (take(frame, IPI_CALL))
		interrupt_call();
	if (take(frame, IPI_WAKE))
		interrupt_wake();
}

/*
 * Mends a miss, an invalid entry, or a store the TLB refused. All interrupts are off from before
 * the entry is read until it is in the TLB. Otherwise a shootdown could come and go in between, and
 * the TLB would get an entry that is already cleared.
 */
static bool is_mended(struct trap_frame *frame)
{
	unsigned code = code_of(frame);
	enum fill_answer answer;

	if (code == EXC_NO_EXEC || code == EXC_NO_READ) {
		tlb_flush_page(ALIGN_DOWN(frame->badvaddr, PAGE_SIZE)); /* it may be stale */
		return false;
	}
	if (!guard(refill_irqs_off))
		irq_set_status(irq_flags() | (frame->status & (STATUS_IM_IRQS | STATUS_IE)));
	answer = tlb_exception(frame->badvaddr, is_store(code));
	irq_set_status(irq_flags() & ~(STATUS_IM_IRQS | STATUS_IE));
	if (answer == FILL_DENIED)
		frame->cause = (frame->cause & ~(u32)(NR_EXC - 1) << 2) | EXC_MODIFIED << 2;
	return answer == FILL_AGAIN;
}

static void handle(struct trap_frame *frame)
{
	unsigned code = code_of(frame);

	if (code == EXC_INTERRUPT) {
		interrupt(frame);
		return;
	}
	if (is_translated(code) && is_mended(frame))
		return;
	if (code == EXC_MACHINE_CHECK && machine_check_survived(frame))
		return;
	/* Leave interrupts off if the stack is gone, or if a panic is under way. */
	if (frame->status & STATUS_IE)
		irq_set_status(irq_flags() | STATUS_IE);
	trap(frame);
}

void mips_trap(struct trap_frame *frame)
{
	handle(frame);
	if (trap_from_user(frame))
		exit_to_user_mode(frame);
}

_Static_assert(USER_PAGE_SIZE == PAGE_SIZE, "user_touch_code");

bool user_run(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2, u32 *value, struct fault *fault)
{
	struct mips_cpu *c = mips_this_cpu();

	user_enter(pc, sp, arg, arg2);
	c->user_context = 0;
	return user_result(&c->user_end, value, fault);
}

void user_leave_call(const struct trap_frame *frame)
{
	struct mips_cpu *c = mips_this_cpu();

	assert(c->user_context);
	c->user_end = (struct user_end){.value = frame->reg[V0]};
	user_resume();
}

void user_leave_fault(const struct fault *fault)
{
	struct mips_cpu *c = mips_this_cpu();

	assert(c->user_context);
	c->user_end = (struct user_end){.faulted = true, .fault = *fault};
	user_resume();
}

u32 user_program_expected(u32 word)
{
	return word ^ USER_PASSED;
}
