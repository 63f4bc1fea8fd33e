/* SPDX-License-Identifier: MIT */
/* Includes arch/x86/trap.c, with a kernel around it that notes each call. */
#pragma once
#include "arch/x86/trap.c"

#include "tests/self/unit/x86/process.h"

__asm__(".globl x86_park, x86_arrival_nmi, __text_start, __text_end, user_enter\n"
	".set x86_park, 0xc0123450\n"
	".set x86_arrival_nmi, 0xc0165430\n"
	".set __text_start, 0xc0100000\n"
	".set __text_end, 0xc0110000\n");

static unsigned in_service = 256; /* a vector; 256: none */
static bool nowait, storm;	  /* the kernel's answers */
static void (*at_trap)(struct trap_frame *frame);

bool apic_in_service(unsigned vector)
{
	return vector == in_service;
}

void apic_eoi(void)
{
	note("eoi");
}

void apic_only_ours(void)
{
	note("only ours");
}

void i8259_ack(unsigned vector)
{
	note("8259A ack %#x", vector);
}

void x86_stop_if_asked(vaddr_t pc)
{
	note("stop? %#lx", pc);
}

void interrupt_shootdown(void)
{
	note("shootdown");
}

void interrupt_call(void)
{
	note("call");
}

void interrupt_wake(void)
{
	note("wake");
}

void interrupt_spurious(void)
{
	note("spurious");
}

bool interrupt_nowait(void)
{
	note("nowait");
	return nowait;
}

bool interrupt_unexpected(unsigned vector)
{
	note("unexpected %#x", vector);
	return storm;
}

void trap(struct trap_frame *frame)
{
	if (at_trap)
		at_trap(frame);
	else
		note("trap %u", frame->vector);
}

void user_enter(vaddr_t pc, vaddr_t sp, u32 arg)
{
	note("user %#lx %#lx %#x", pc, sp, arg);
	x86_this_cpu()->user_context = 5;
}

void user_resume(void)
{
	note("resume");
	process_end();
}

#define TEXT 0xc0100000u

static u8 block[STACK_BLOCK_SIZE] __aligned(4096);

/* The CPU that traps: its block, its %fs, and text for what a backtrace reads. */
static inline void trap_lab_prepare(void)
{
	x86_cpu_prepare(1, 0, (vaddr_t)block);
	process_percpu(&x86_cpus[1]);
	process_map(TEXT - 0x1000, 0x12000);
}
