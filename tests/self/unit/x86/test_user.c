/* SPDX-License-Identifier: MIT */
/* with: arch/x86/user.S */
/* Tests the frame and the registers at the start of a user's program in arch/x86/user.S, and the
 * state restored at its end. */
#include "arch/x86/asm_defs.h"
#include "arch/x86/cpu.h"
#include "arch/x86/entry.h"

#include "tests/self/unit/x86/process.h"

/*
 * void through_user(u32 out[6]) calls user_enter(0x1230, 0x4560, 0x7890) with a pattern in each
 * register kept by functions. out gets their values afterwards, and whether the stack is unchanged.
 */
__asm__("through_user:\n\t"
	"pushal\n\t"
	"movl 36(%esp),%eax\n\t"
	"movl %eax,through_out\n\t"
	"movl $0xb1b2b3b4,%ebx\n\t"
	"movl $0x51525354,%esi\n\t"
	"movl $0xd1515151,%edi\n\t"
	"movl $0xe1e2e3e4,%ebp\n\t"
	"pushl $0x7890\n\t"
	"pushl $0x4560\n\t"
	"pushl $0x1230\n\t"
	"movl %esp,through_esp\n\t"
	"stc\n\t"
	"call user_enter\n\t"
	"movl through_out,%eax\n\t"
	"setc 16(%eax)\n\t"
	"movl %ebx,(%eax)\n\t"
	"movl %esi,4(%eax)\n\t"
	"movl %edi,8(%eax)\n\t"
	"movl %ebp,12(%eax)\n\t"
	"cmpl %esp,through_esp\n\t"
	"sete 20(%eax)\n\t"
	"addl $12,%esp\n\t"
	"popal\n\t"
	"ret\n"
	".bss\n"
	"through_out: .long 0\n"
	"through_esp: .long 0\n"
	".text");
void through_user(u32 out[6]);

struct x86_cpu x86_cpus[MAX_CPUS];
static u32 kernel_fs;

/* At the IRET Linux has no such user's segment, so the program ends at once. */
static bool at_iret(struct process_registers *r)
{
	const u32 *stack = (const u32 *)r->esp;

	note("iret %x:%x %x, stack %x:%x", stack[1], stack[0], stack[2], stack[4], stack[3]);
	note("%x, %x %x %x %x %x %x, ds %x es %x fs %x", r->eax, r->ebx, r->ecx, r->edx, r->esi,
	     r->edi, r->ebp, r->ds, r->es, r->fs);
	CHECK(*(const u8 *)r->eip == 0xcf && x86_cpus[1].user_context == (u32)&stack[5] &&
		      x86_cpus[1].tss.esp0 == (u32)&stack[5],
	      "traps from user mode push where the kernel's frame ends");
	r->fs = kernel_fs;
	r->ds = r->es = 0x2b;
	r->eip = (u32)user_resume;
	r->eflags &= ~1u;
	return true;
}

void test(void)
{
	u32 out[6] = {0};

	process_percpu(&x86_cpus[1]);
	__asm__ __volatile__("movl %%fs,%0" : "=r"(kernel_fs));
	process_fault = at_iret;
	through_user(out);
	DID("cli\niret 1b:1230 202, stack 23:4560\n7890, 0 0 0 0 0 0, ds 23 es 23 fs 23\ncli\n",
	    "the program's frame; its argument, and nothing of the kernel's");
	CHECK(out[0] == 0xb1b2b3b4 && out[1] == 0x51525354 && out[2] == 0xd1515151 &&
		      out[3] == 0xe1e2e3e4 && out[4] == 1 && out[5] == 1,
	      "what a function keeps is back, and the flags");
	CHECK(&user_program_end[0] > &user_program[0] && user_peek_end - user_peek == 4 &&
		      user_poke_end - user_poke == 4,
	      "two small programs");
	CHECK(!__builtin_memcmp(user_peek, "\x8b\x00\xcd\x80", 4) &&
		      !__builtin_memcmp(user_poke, "\x89\x00\xcd\x80", 4),
	      "a load, a store, and the call");
}
