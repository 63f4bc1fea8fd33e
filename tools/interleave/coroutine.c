/* SPDX-License-Identifier: MIT */
/* The coroutines' stacks, and the switch from one to another. */
#include "tools/interleave/coroutine.h"

#include <asm/smp.h>

#include "kernel/printk.h"
#include "tools/interleave/explored.h"

#define STACK_SIZE 65536u /* the room below the window is for calls that never yield (printf) */

static u8 stack[MODEL_CPUS][STACK_SIZE] __aligned(64);
static void *sp[MODEL_CPUS] EXPLORED;
static void *outside;
struct room room_stack = {"a CPU stands too deep in its stack: see STACK_WINDOW", STACK_WINDOW, 0};
static unsigned running;
static u32 ran;

/*
 * Puts the callee-saved registers on the stack (System V ABI, x86-64, 3.2.1), so the stack holds
 * all of a coroutine that has yielded. Stores its stack pointer in *save, and goes on at `to`.
 */
void coroutine_switch(void **save, void *to);
__asm__(".text\n"
	".globl coroutine_switch\n"
	"coroutine_switch:\n"
	"	push %rbp\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	"	ret\n"
	/* a new one begins here, with entry in rbx and its argument in r12 */
	"coroutine_start:\n"
	"	mov %r12, %rdi\n"
	"	call *%rbx\n"
	"	ud2\n");
extern const u8 coroutine_start[];

void coroutine_create(unsigned n, void (*entry)(unsigned n))
{
	u64 *top = (u64 *)(stack[n] + STACK_SIZE) - 2; /* aligned to 16 for the call */

	*--top = (u64)coroutine_start;
	*--top = 0;	     /* rbp */
	*--top = (u64)entry; /* rbx */
	*--top = n;	     /* r12 */
	*--top = 0;
	*--top = 0;
	*--top = 0;
	sp[n] = top;
}

void coroutine_resume(unsigned n)
{
	running = n;
	ran |= BIT(n);
	coroutine_switch(&outside, sp[n]);
}

u32 coroutines_that_ran(void)
{
	u32 mask = ran;

	ran = 0;
	return mask;
}

void coroutine_yield(void)
{
	coroutine_switch(&sp[running], outside);
}

/* By frame pointers (-fno-omit-frame-pointer). [0] is the caller's, [1] the return address. */
bool coroutine_is_in(unsigned n, const void *start, const void *end)
{
	const u64 *standing = sp[n];
	const u64 *frame = (const u64 *)standing[5]; /* of coroutine_yield() */

	while (frame) {
		if (frame[1] - (u64)start < (u64)((const u8 *)end - (const u8 *)start))
			return true;
		frame = (const u64 *)frame[0];
	}
	return false;
}

int coroutine_at(u64 address)
{
	u64 offset = address - (u64)stack;

	return offset < sizeof(stack) ? (int)(offset / STACK_SIZE) : -1;
}

size_t coroutine_window(unsigned n, u8 **low)
{
	u8 *top = stack[n] + STACK_SIZE;
	size_t live = sp[n] ? (size_t)(top - (u8 *)sp[n]) : 0;

	if (!room_for(&room_stack, (unsigned)live))
		panic("CPU %u stands %zu bytes deep in its stack: see STACK_WINDOW", n, live);
	*low = top - STACK_WINDOW;
	return live;
}
