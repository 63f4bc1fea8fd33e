/* SPDX-License-Identifier: MIT */
/* with: arch/x86/user.S */
/* Tests the frame and the registers at the start of a user's program in arch/x86/user.S, and the
 * state restored at its end. */
#include "arch/x86/asm_defs.h"
#include "arch/x86/cpu.h"
#include "arch/x86/entry.h"

#include "tests/self/unit/x86/process.h"

/*
 * void through_user(u32 out[6]) calls user_enter(0x1230, 0x4560, 0x7890, 0xabc0) with a pattern in
 * each register kept by functions. out gets their values afterwards, and whether the stack is
 * unchanged.
 */
__asm__("through_user:\n\t"
	"pushal\n\t"
	"movl 36(%esp),%eax\n\t"
	"movl %eax,through_out\n\t"
	"movl $0xb1b2b3b4,%ebx\n\t"
	"movl $0x51525354,%esi\n\t"
	"movl $0xd1515151,%edi\n\t"
	"movl $0xe1e2e3e4,%ebp\n\t"
	"pushl $0xabc0\n\t"
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
	"addl $16,%esp\n\t"
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

/* The routines, with RET in place of the call, which would be one to Linux here. */
#define COPY ((u8 *)0x50000000)

static void copy_routines(void)
{
	unsigned calls = 0;

	process_map((vaddr_t)COPY, 4096);
	__builtin_memcpy(COPY, user_code, (size_t)(user_code_end - user_code));
	for (u8 *at = COPY; at + 1 < COPY + (user_code_end - user_code); at++) {
		if (at[0] != 0xcd || at[1] != 0x80)
			continue;
		at[0] = 0xc3;
		calls++;
	}
	CHECK(calls == 5, "each routine makes one call");
}

/* Returns what its call would bring. */
static u32 routine(const u8 *code, u32 *word, u32 value)
{
	u32 result;

	__asm__ __volatile__("call *%4"
			     : "=a"(result), "+d"(value)
			     : "a"(word), "m"(*word), "r"(COPY + (code - user_code))
			     : "ebx", "ecx", "memory", "cc");
	return result;
}

/* Words at the same place of four pages. Two of them are touched. */
static void test_touch(void)
{
	static u32 page[4][USER_PAGE_SIZE / sizeof(u32)];
	unsigned stored = 0;

	routine(user_touch_code, &page[1][7], 2);
	for (unsigned i = 0; i < sizeof(page) / sizeof(u32); i++)
		stored += (&page[0][0])[i] != 0;
	CHECK(stored == 2 && page[1][7] && page[2][7], "a store to each of two pages");
}

static void test_routines(void)
{
	u32 words[3] = {1, 2, 3};

	copy_routines();
	CHECK(&user_load_code[0] == &user_code[0] && routine(user_load_code, &words[1], 9) == 2,
	      "a load, the first of them");
	routine(user_store_code, &words[1], 9);
	CHECK(words[0] == 1 && words[1] == 9 && words[2] == 3, "a store of a word");
	CHECK(routine(user_xchg_code, &words[1], 10) == 9 && words[0] == 1 && words[1] == 10 &&
		      words[2] == 3,
	      "an exchange, and what was there");
	CHECK(routine(user_spin_code, &words[1], 11) == 10, "a spin: another word is there");
	CHECK(routine(user_spin_code, &words[1], 10) == 10, "the word stays: it comes back");
	CHECK(words[0] == 1 && words[1] == 10 && words[2] == 3, "and stores nothing");
	test_touch();
	CHECK(&user_program_end[0] > &user_program[0] && user_code_end - user_code < 2048,
	      "their size");
}

void test(void)
{
	u32 out[6] = {0};

	process_percpu(&x86_cpus[1]);
	__asm__ __volatile__("movl %%fs,%0" : "=r"(kernel_fs));
	process_fault = at_iret;
	through_user(out);
	DID("cli\niret 1b:1230 202, stack 23:4560\n7890, 0 0 abc0 0 0 0, ds 23 es 23 fs 23\ncli\n",
	    "the program's frame; its arguments, and nothing of the kernel's");
	CHECK(out[0] == 0xb1b2b3b4 && out[1] == 0x51525354 && out[2] == 0xd1515151 &&
		      out[3] == 0xe1e2e3e4 && out[4] == 1 && out[5] == 1,
	      "what a function keeps is back, and the flags");
	test_routines();
}
