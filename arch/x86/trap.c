/* SPDX-License-Identifier: MIT */
#include "arch/x86/apic.h"
#include "arch/x86/cpu.h"
#include "arch/x86/entry.h"
#include "arch/x86/i8259.h"
#include "arch/x86/image.h"
#include "arch/x86/stop.h"
#include "arch/x86/vectors.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include <asm/ipi.h>
#include <asm/irq.h>
#include <asm/page.h>
#include <asm/smp.h>
#include <asm/trap.h>

vaddr_t read_cr2(void)
{
	vaddr_t cr2;

	__asm__ __volatile__("movl %%cr2,%0" : "=r"(cr2)::"memory");
	return cr2;
}

bool trap_from_user(const struct trap_frame *frame)
{
	return (frame->cs & 3) == 3;
}

/* Exceptions that no instruction of a user's program raises by itself. */
#define NOT_THE_PROGRAM (BIT(VECTOR_NMI) | BIT(VECTOR_DF) | BIT(VECTOR_MC))

enum trap_kind trap_kind(const struct trap_frame *frame)
{
	if (frame->vector == VECTOR_PF)
		return TRAP_PAGE_FAULT;
	if (!trap_from_user(frame))
		return TRAP_OTHER;
	if (frame->vector == VECTOR_USER_CALL)
		return TRAP_USER_CALL;
	return frame->vector < NR_EXCEPTIONS && !(NOT_THE_PROGRAM & BIT(frame->vector))
		       ? TRAP_USER_ERROR
		       : TRAP_OTHER;
}

/* The error code's low five bits are FAULT_*, because those numbers were chosen so. */
struct fault trap_fault(const struct trap_frame *frame)
{
	return (struct fault){read_cr2(), frame->error & 0x1f};
}

vaddr_t trap_pc(const struct trap_frame *frame)
{
	return frame->eip;
}

bool trap_fixup(struct trap_frame *frame, const struct fault *fault)
{
	if (frame->eip != (vaddr_t)try_load_access && frame->eip != (vaddr_t)try_store_access)
		return false;
	frame->eip = (vaddr_t)try_failed;
	frame->eax = fault->address;
	frame->edx = fault->cause;
	return true;
}

static bool msr_fixup(struct trap_frame *frame)
{
	if (frame->vector != VECTOR_GP || (frame->eip != (vaddr_t)msr_try_read_access &&
					   frame->eip != (vaddr_t)msr_try_write_access))
		return false;
	frame->eip = (vaddr_t)msr_try_failed;
	return true;
}

static void ipi_trap(unsigned vector)
{
	switch (vector - VECTOR_IPI) {
	case IPI_SHOOTDOWN:
		interrupt_shootdown();
		break;
	case IPI_CALL:
		interrupt_call();
		break;
	case IPI_WAKE:
		interrupt_wake();
		break;
	}
	apic_eoi();
}

static bool is_interrupt(unsigned vector)
{
	enum vector_kind kind = vector_kind(vector);

	return kind == VECTOR_EITHER ? apic_in_service(vector) : kind == VECTOR_INTERRUPT;
}

/* Acknowledges a stray interrupt at its controller. Its CPU goes on as if nothing had happened. */
static void stray(unsigned vector)
{
	if (apic_in_service(vector))
		apic_eoi();
	else if (vector >= VECTOR_I8259 && vector < VECTOR_I8259 + 16)
		i8259_ack(vector);
	if (interrupt_unexpected(vector))
		apic_only_ours();
}

/* The APIC's own spurious interrupt needs no EOI (SDM vol. 3, 11.9), but a sent one with this
 * vector does. */
static void spurious(void)
{
	interrupt_spurious();
	if (apic_in_service(VECTOR_SPURIOUS))
		apic_eoi();
}

static void handle(struct trap_frame *frame)
{
	unsigned vector = frame->vector;

	if (vector == VECTOR_NMI) {
		x86_stop_if_asked(frame->eip);
		if (interrupt_nowait())
			return;
	}
	if (msr_fixup(frame))
		return;
	if (!is_interrupt(vector))
		trap(frame);
	else if (vector >= VECTOR_IPI && vector < VECTOR_IPI + NR_IPIS)
		ipi_trap(vector);
	else if (vector == VECTOR_SPURIOUS)
		spurious();
	else
		stray(vector);
}

void x86_trap(struct trap_frame *frame)
{
	handle(frame);
	if (trap_from_user(frame))
		exit_to_user_mode(frame);
}

/* The trapped state is in this CPU's ordinary TSS. Only CR3 is missing, because a task switch does
 * not save it. */
void x86_double_fault(void)
{
	const struct x86_tss *t = &x86_this_cpu()->tss;
	struct trap_frame frame = {
		.fs = t->fs,
		.es = t->es,
		.ds = t->ds,
		.edi = t->edi,
		.esi = t->esi,
		.ebp = t->ebp,
		.ebx = t->ebx,
		.edx = t->edx,
		.ecx = t->ecx,
		.eax = t->eax,
		.esp_dummy = t->esp - FRAME_POPPED,
		.vector = VECTOR_DF,
		.eip = t->eip,
		.cs = t->cs,
		.eflags = t->eflags,
		.user_esp = t->esp,
		.user_ss = t->ss,
	};

	trap(&frame);
	panic("trap() returned from a double fault");
}

/* Tells whether the frame at `at`, two words, is between bottom and top. */
static bool is_between(vaddr_t at, vaddr_t bottom, vaddr_t top)
{
	return at >= bottom && at + 2 * sizeof(u32) <= top;
}

static bool on_stack(vaddr_t at)
{
	const struct x86_cpu *c = x86_this_cpu();

	return !(at % sizeof(u32)) &&
	       (is_between(at, c->bottom, c->top) || is_between(at, c->df_bottom, c->df_top));
}

static bool in_text(vaddr_t pc)
{
	return pc >= (vaddr_t)__text_start && pc < (vaddr_t)__text_end;
}

/* Loads in assembly, because the words belong to other functions' objects. */
static vaddr_t stack_word(vaddr_t at)
{
	vaddr_t word;

	__asm__ __volatile__("movl (%1),%0" : "=r"(word) : "r"(at));
	return word;
}

/* Frames ascend, also from the double-fault stack, because it lies below the other. */
unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n)
{
	vaddr_t ebp = frame ? frame->ebp : (vaddr_t)__builtin_frame_address(0);
	unsigned found = 0;

	if (frame && n)
		pc[found++] = frame->eip;
	if (frame && trap_from_user(frame))
		return found;
	while (found < n && on_stack(ebp) && in_text(stack_word(ebp + 4))) {
		vaddr_t next = stack_word(ebp);

		/* Points into the call, because the code after a call that does not return is
		 * another function. */
		pc[found++] = stack_word(ebp + 4) - 1;
		if (next <= ebp)
			break;
		ebp = next;
	}
	return found;
}

_Static_assert(USER_PAGE_SIZE == PAGE_SIZE, "user_touch_code");

bool user_run(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2, u32 *value, struct fault *fault)
{
	struct x86_cpu *c = x86_this_cpu();

	user_enter(pc, sp, arg, arg2);
	c->user_context = 0;
	return user_result(&c->user_end, value, fault);
}

void user_leave_call(const struct trap_frame *frame)
{
	struct x86_cpu *c = x86_this_cpu();

	assert(c->user_context);
	c->user_end = (struct user_end){.value = frame->eax};
	user_resume();
}

void user_leave_fault(const struct fault *fault)
{
	struct x86_cpu *c = x86_this_cpu();

	assert(c->user_context);
	c->user_end = (struct user_end){.faulted = true, .fault = *fault};
	user_resume();
}

u32 user_program_expected(u32 word)
{
	return word ^ USER_PASSED;
}
