/* SPDX-License-Identifier: MIT */
/* Includes arch/s390x/trap.c and trap_print.c, with text, a user program and a kernel of the
 * test's own. */
#pragma once
#include "tests/self/unit/s390x/fake.h"

#include "kernel/hooks/upcalls.h"

#define load_doubleword(at) (*(const u64 *)(at))
#define load_halfword(at)   (0x10000u + (u32)(at)) /* says which was read */

#include "arch/s390x/trap.c"
#include "arch/s390x/trap_print.c"

/* What linker/s390x.ld and entry.S set: 64 bytes of text, 0x40 to 0x7f, with code that may fault at
 * 16 to 32. */
__asm__(".section .rodata\n"
	".globl __text_start, __text_end, __try_start, __try_end, try_failed\n"
	".balign 4096\n"
	"__text_start:\n"
	"n = 0x40\n"
	".rept 64\n"
	".byte n\n"
	"n = n + 1\n"
	".endr\n"
	"__text_end:\n"
	".byte 0xee\n"
	"__try_start = __text_start + 16\n"
	"__try_end = __text_start + 32\n"
	"try_failed = __text_start + 48\n"
	".previous\n");

#define TEXT ((vaddr_t)__text_start)

static bool accesses, keeps_coming, resumed;
static struct lowcore *const c = &fake_lowcore;

u64 try_load_asm(vaddr_t va, u32 *value)
{
	*value = (u32)va + 1;
	return accesses;
}

u64 try_store_asm(vaddr_t va, u32 value)
{
	record("store %#lx %#x", va, value);
	return accesses;
}

void user_enter(u32 arg, vaddr_t sp)
{
	record("enter psw %#lx %#lx arg %#x sp %#lx irqs %u", c->user_psw.mask, c->user_psw.address,
	       arg, sp, fake.irqs);
	c->user_context = 1;
}

void user_resume(void)
{
	record("resume");
	resumed = true;
	fake_stop();
}

bool interrupt_unexpected(unsigned vector)
{
	record("unexpected %#x", vector);
	return keeps_coming;
}

void smp_emergency(void)
{
	record("emergency");
}

void trap(struct trap_frame *frame)
{
	record("trap %u", frame->class);
}

static inline struct trap_frame program(unsigned code)
{
	return (struct trap_frame){
		.class = CLASS_PROGRAM, .program = (u16)code, .address = TEXT + 8};
}
