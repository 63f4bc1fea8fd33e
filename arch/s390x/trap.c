/* SPDX-License-Identifier: MIT */
#include "arch/s390x/cpu.h"
#include "arch/s390x/entry.h"
#include "arch/s390x/image.h"
#include "arch/s390x/instructions.h"
#include "arch/s390x/smp.h"
#include "arch/s390x/trap.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <asm/trap.h>

/* External interruption codes (Principles of Operation, chapter 6, "External Interruption"). */
#define EXTERNAL_EMERGENCY 0x1201u
#define EXTERNAL_SERVICE   0x2401u

/* Translation-exception identification (chapter 3). */
#define TEID_ADDRESS (~0xffful)
#define TEID_ACCESS  0xc00ul
#define TEID_STORE   0x400ul
#define TEID_IEP     0x080ul /* for a store it is low-address protection */

unsigned program_code(const struct trap_frame *frame)
{
	return frame->program & 0x7f; /* without the PER bit */
}

u32 program_interruption_code(void)
{
	return load_halfword(LC_PROGRAM + 2);
}

/* These are nullified, so the old PSW points to the instruction, not to the next. */
static bool is_translation(unsigned code)
{
	return code == PROGRAM_SEGMENT || code == PROGRAM_PAGE ||
	       (code >= PROGRAM_ASCE_TYPE && code <= PROGRAM_REGION3);
}

bool trap_from_user(const struct trap_frame *frame)
{
	return frame->mask & PSW_PROBLEM;
}

enum trap_kind trap_kind(const struct trap_frame *frame)
{
	unsigned code = program_code(frame);

	if (frame->class == CLASS_SVC && trap_from_user(frame))
		return TRAP_USER_CALL;
	if (frame->class != CLASS_PROGRAM)
		return TRAP_OTHER;
	if (is_translation(code) || code == PROGRAM_PROTECTION ||
	    code == PROGRAM_TRANSLATION_SPECIFICATION)
		return TRAP_PAGE_FAULT;
	return trap_from_user(frame) ? TRAP_USER_ERROR : TRAP_OTHER;
}

vaddr_t trap_pc(const struct trap_frame *frame)
{
	if (frame->class == CLASS_PROGRAM && !is_translation(program_code(frame)))
		return frame->address - (frame->program_length & 6);
	return frame->address;
}

/* The access bits are there only with the access-exception fetch/store-indication facility, and
 * without it they are undefined or zero (Hercules). But nothing besides stores and fetches of
 * instructions is protected here, because there are no storage keys. */
struct fault trap_fault(const struct trap_frame *frame)
{
	unsigned code = program_code(frame);
	struct fault fault = {frame->translation & TEID_ADDRESS, 0};

	if (trap_from_user(frame))
		fault.cause |= FAULT_USER;
	if (code == PROGRAM_PROTECTION)
		fault.cause |= FAULT_PROTECTION;
	if (code == PROGRAM_TRANSLATION_SPECIFICATION)
		fault.cause |= FAULT_RESERVED;
	if (code == PROGRAM_ASCE_TYPE)
		fault.cause |= FAULT_LIMIT;
	if ((frame->translation & TEID_ACCESS) == TEID_STORE)
		fault.cause |= FAULT_WRITE;
	if (code == PROGRAM_PROTECTION && frame->translation & TEID_IEP &&
	    !(fault.cause & FAULT_WRITE)) {
		fault.cause |= FAULT_EXEC;
		fault.address = ALIGN_DOWN(frame->address, PAGE_SIZE);
	} else if (code == PROGRAM_PROTECTION) {
		fault.cause |= FAULT_WRITE;
	}
	return fault;
}

bool trap_fixup(struct trap_frame *frame, const struct fault *fault)
{
	vaddr_t pc = trap_pc(frame);

	if (pc < (vaddr_t)__try_start || pc >= (vaddr_t)__try_end)
		return false;
	this_lowcore()->user_end.fault = *fault;
	frame->address = (vaddr_t)try_failed;
	return true;
}

bool try_load(vaddr_t va, u32 *value, struct fault *fault)
{
	bool done = try_load_asm(va, value);

	if (!done)
		*fault = this_lowcore()->user_end.fault;
	return done;
}

bool try_store(vaddr_t va, u32 value, struct fault *fault)
{
	bool done = try_store_asm(va, value);

	if (!done)
		*fault = this_lowcore()->user_end.fault;
	return done;
}

/* An interruption is acknowledged when it is taken. Only the timers' kind stays up (z/Architecture
 * Principles of Operation, chapter 6). So if strays keep coming, the kernel takes its own kinds
 * only. */
static void stray(u32 code)
{
	if (interrupt_unexpected(code))
		write_control(0, read_control(0) & ~CR0_NOT_OURS);
}

static void external(struct trap_frame *frame)
{
	frame->mask &= ~PSW_WAIT; /* ends cpu_idle() */
	if (frame->external == EXTERNAL_EMERGENCY)
		smp_emergency();
	else if (frame->external == EXTERNAL_SERVICE)
		WRITE_ONCE(this_lowcore()->service_done, 1);
	else
		stray(frame->external);
}

/* trap() returns to a program only to have the instruction made again. A protection exception
 * suppresses it, and then the old PSW points behind it (Principles of Operation, chapter 5, "Types
 * of Instruction Ending"). Linux s390 __rewind_psw(). */
static void trap_and_retry(struct trap_frame *frame)
{
	trap(frame);
	if (trap_from_user(frame))
		frame->address = trap_pc(frame);
}

void s390_trap(struct trap_frame *frame)
{
	if (frame->class == CLASS_EXTERNAL)
		external(frame);
	else
		trap_and_retry(frame);
	if (trap_from_user(frame))
		exit_to_user_mode(frame);
}

static bool on_stack(vaddr_t at)
{
	const struct lowcore *c = this_lowcore();

	if (at % sizeof(u64))
		return false;
	return at - c->stack <= STACK_SIZE - ABI_FRAME ||
	       at - c->emergency <= EMERGENCY_STACK_SIZE - ABI_FRAME;
}

static bool in_text(vaddr_t pc)
{
	return pc >= (vaddr_t)__text_start && pc < (vaddr_t)__text_end;
}

#define RETURN_ADDRESS 112 /* in a caller's frame, the saved %r14 of the function it called */

unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n)
{
	vaddr_t sp = frame ? frame->gpr[15] : (vaddr_t)__builtin_frame_address(0);
	unsigned found = 0;

	if (frame && n)
		pc[found++] = trap_pc(frame);
	if (frame && trap_from_user(frame))
		return found;
	while (found < n && on_stack(sp)) {
		vaddr_t caller = load_doubleword(sp);

		/* Points into the call, because the code after a call that does not return is
		 * another function. */
		if (!on_stack(caller) || !in_text(load_doubleword(caller + RETURN_ADDRESS)))
			break;
		pc[found++] = load_doubleword(caller + RETURN_ADDRESS) - 1;
		sp = caller;
	}
	return found;
}

_Static_assert(USER_PAGE_SIZE == PAGE_SIZE, "user_touch_code");

bool user_run(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2, u32 *value, struct fault *fault)
{
	struct lowcore *c = this_lowcore();
	u32 flags = irq_save();

	c->user_psw = (struct psw){PSW_KERNEL | PSW_EXTERNAL | PSW_PROBLEM | PSW_HOME, pc};
	user_enter(arg, arg2, sp);
	c->user_context = 0;
	irq_restore(flags);
	return user_result(&c->user_end, value, fault);
}

void user_leave_call(const struct trap_frame *frame)
{
	struct lowcore *c = this_lowcore();

	assert(c->user_context);
	c->user_end = (struct user_end){.value = (u32)frame->gpr[2]};
	user_resume();
}

void user_leave_fault(const struct fault *fault)
{
	struct lowcore *c = this_lowcore();

	irq_disable();
	assert(c->user_context);
	c->user_end = (struct user_end){.faulted = true, .fault = *fault};
	user_resume();
}

u32 user_program_expected(u32 word)
{
	return word ^ USER_PASSED;
}
