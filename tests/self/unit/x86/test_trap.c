/* SPDX-License-Identifier: MIT */
/* with: arch/x86/entry.S arch/x86/cpu.c */
/* Tests the handler of each vector and its acknowledgement in arch/x86/trap.c, the meaning of a
 * frame, backtraces, and the end of a user program. */
#include "arch/x86/msr.h"
#include "tests/self/unit/x86/trap_lab.h"

#define NONE 256u

static bool did(unsigned vector, unsigned serviced, const char *expected)
{
	struct trap_frame frame = {.vector = vector, .eip = 0x1234, .cs = 8};

	in_service = serviced;
	x86_trap(&frame);
	return noted(expected);
}

static void test_vectors(void)
{
	bool good = true;
	char text[64];

	for (unsigned v = 0x10; v < 256; v++) {
		bool ours = v == 0xf0 || v == 0xf2 || v == 0xf3 || v == 0xff || v == 0xf1;
		bool exception = v < 32;

		if (ours || exception)
			continue;
		snprintk(text, sizeof(text), "eoi\nunexpected %#x\n", v);
		good &= did(v, v, text);
		snprintk(text, sizeof(text), v == 0x80 ? "trap %u\n" : "unexpected %#x\n", v);
		if (v < 0x20 || v > 0x2f)
			good &= did(v, NONE, text);
		snprintk(text, sizeof(text), "8259A ack %#x\nunexpected %#x\n", v, v);
		if (v >= 0x20 && v <= 0x2f)
			good &= did(v, NONE, text);
	}
	CHECK(good, "strays: acknowledged at the local APIC or the 8259A, else nowhere, and told");
	storm = true;
	CHECK(did(0x45, 0x45, "eoi\nunexpected 0x45\nonly ours\n"), "too many: masked");
	storm = false;
	CHECK(did(0xf0, 0xf0, "shootdown\neoi\n") && did(0xf1, 0xf1, "call\neoi\n") &&
		      did(0xf2, 0xf2, "wake\neoi\n") && did(0xf3, 0xf3, "eoi\n"),
	      "ours: served, then ended");
	CHECK(did(0xff, NONE, "spurious\n") && did(0xff, 0xff, "spurious\neoi\n"),
	      "the spurious vector: ended only if it was sent");
}

static void test_exceptions(void)
{
	static const u8 always[] = {8, 10, 11, 12, 13, 14, 17, 21, 29, 30};
	static const u8 either[] = {0, 1, 3, 4, 5, 6, 7, 9, 16, 18, 19, 20, 28};
	static const u8 never[] = {15, 22, 27, 31};
	char text[64], stray[64];
	bool good = true;

	for (unsigned i = 0; i < sizeof(always); i++) {
		snprintk(text, sizeof(text), "trap %u\n", always[i]);
		good &= did(always[i], NONE, text) && did(always[i], always[i], text);
	}
	CHECK(good, "with an error code: an exception, whatever the APIC says");
	good = true;
	for (unsigned i = 0; i < sizeof(either); i++) {
		snprintk(text, sizeof(text), "trap %u\n", either[i]);
		snprintk(stray, sizeof(stray), "eoi\nunexpected %#x\n", either[i]);
		good &= did(either[i], NONE, text) && did(either[i], either[i], stray);
	}
	CHECK(good, "without one: a stray if the APIC has it in service");
	good = true;
	for (unsigned i = 0; i < sizeof(never); i++) {
		snprintk(stray, sizeof(stray), "unexpected %#x\n", never[i]);
		good &= did(never[i], NONE, stray);
	}
	CHECK(good, "no exception of any CPU: a stray");
	CHECK(did(2, NONE, "stop? 0x1234\nnowait\ntrap 2\n"), "an NMI for nobody is an exception");
	nowait = true;
	CHECK(did(2, NONE, "stop? 0x1234\nnowait\n"), "one that carried a shootdown is served");
	nowait = false;
}

static void test_fixup(void)
{
	struct trap_frame frame = {.vector = 13, .eip = (u32)msr_try_read_access, .cs = 8};
	const struct fault fault = {0x40200000, 0x15};

	x86_trap(&frame);
	CHECK(noted("") && frame.eip == (u32)msr_try_failed, "RDMSR of no register: goes on");
	frame.eip = (u32)msr_try_write_access;
	x86_trap(&frame);
	CHECK(noted("") && frame.eip == (u32)msr_try_failed, "WRMSR as well");
	frame.eip = (u32)msr_try_write_access;
	frame.vector = 14;
	x86_trap(&frame);
	CHECK(noted("trap 14\n") && frame.eip == (u32)msr_try_write_access, "by #GP alone");
	frame.eip = (u32)try_load_access;
	CHECK(trap_fixup(&frame, &fault) && frame.eip == (u32)try_failed &&
		      frame.eax == 0x40200000 && frame.edx == 0x15,
	      "a load that faulted: goes on, with the fault in registers");
	frame.eip = (u32)try_store_access;
	CHECK(trap_fixup(&frame, &fault) && frame.eip == (u32)try_failed, "a store as well");
	frame.eip = (u32)try_store_access + 1;
	CHECK(!trap_fixup(&frame, &fault) && frame.eip == (u32)try_store_access + 1,
	      "no other instruction");
}

static void test_terms(void)
{
	struct trap_frame frame = {.vector = 14, .cs = 8, .eip = 0x77, .error = 0xffffffff};

	process_cr[2] = 0x12345678;
	CHECK(trap_kind(&frame) == TRAP_PAGE_FAULT && trap_pc(&frame) == 0x77, "a page fault");
	CHECK(read_cr2() == 0x12345678 && trap_fault(&frame).address == 0x12345678 &&
		      trap_fault(&frame).cause == 0x1f,
	      "its address and five bits of its cause");
	frame.error = 0x0a;
	CHECK(trap_fault(&frame).cause == 0x0a, "as the CPU says");
	frame.vector = 0x80;
	CHECK(trap_kind(&frame) == TRAP_OTHER && !trap_from_user(&frame), "INT 80h of the kernel");
	frame.cs = 0x1b;
	CHECK(trap_kind(&frame) == TRAP_USER_CALL && trap_from_user(&frame), "and of a user");
	frame.vector = 0x81;
	CHECK(trap_kind(&frame) == TRAP_OTHER, "not of another vector");
	frame.cs = 0x1a;
	CHECK(!trap_from_user(&frame), "privilege 2 is no user's");
	frame.cs = 0x19;
	CHECK(!trap_from_user(&frame), "nor is 1");
}

static void frame_at(u32 at, u32 next, u32 pc)
{
	((u32 *)at)[0] = next;
	((u32 *)at)[1] = pc;
}

static void test_backtrace(void)
{
	const struct x86_cpu *c = x86_this_cpu();
	u32 top = c->top - 8, df = c->df_bottom;
	struct trap_frame frame = {.cs = 8, .eip = 0x4711, .ebp = df};
	vaddr_t pc[8];

	frame_at(df, c->df_top - 8, TEXT);
	frame_at(c->df_top - 8, c->bottom, TEXT + 0xffff);
	frame_at(c->bottom, c->bottom + 8, TEXT + 5);
	frame_at(c->bottom + 8, top, TEXT + 6);
	frame_at(top, 0, TEXT + 7);
	CHECK(backtrace(&frame, pc, 8) == 6 && pc[0] == 0x4711 && pc[1] == TEXT - 1 &&
		      pc[2] == TEXT + 0xfffe && pc[3] == TEXT + 4 && pc[4] == TEXT + 5 &&
		      pc[5] == TEXT + 6,
	      "from the double-fault stack up to the top of the other");
	CHECK(backtrace(&frame, pc, 3) == 3 && backtrace(&frame, pc, 1) == 1 &&
		      backtrace(&frame, pc, 0) == 0,
	      "no more than asked for");
	frame.cs = 0x1b;
	CHECK(backtrace(&frame, pc, 8) == 1, "of a user, only the address");
	frame.cs = 8;
	frame_at(df, c->df_top - 8, TEXT - 1);
	CHECK(backtrace(&frame, pc, 8) == 1, "below the text");
	frame_at(df, c->df_top - 8, TEXT + 0x10000);
	CHECK(backtrace(&frame, pc, 8) == 1, "behind the text");
	frame_at(df, df, TEXT);
	CHECK(backtrace(&frame, pc, 8) == 2, "a frame that names itself");
	frame_at(df + 8, df, TEXT);
	frame.ebp = df + 8;
	CHECK(backtrace(&frame, pc, 8) == 2, "frames ascend");
	frame_at(df + 5, 0, TEXT);
	frame.ebp = df + 5;
	CHECK(backtrace(&frame, pc, 8) == 1, "not aligned");
	frame_at(df + 4, 0, TEXT);
	frame.ebp = df + 4;
	CHECK(backtrace(&frame, pc, 8) == 2, "aligned");
	frame_at(df - 4, 0, TEXT);
	frame_at(c->df_top - 4, 0, TEXT);
	frame_at(c->bottom - 4, 0, TEXT);
	frame.ebp = df - 4;
	CHECK(backtrace(&frame, pc, 8) == 1, "below the double-fault stack");
	frame.ebp = c->df_top - 4;
	CHECK(backtrace(&frame, pc, 8) == 1, "half above it");
	frame.ebp = c->bottom - 4;
	CHECK(backtrace(&frame, pc, 8) == 1, "half below the other");
	frame.ebp = c->top - 4;
	CHECK(backtrace(&frame, pc, 8) == 1, "half above that");
	CHECK(backtrace(NULL, pc, 8) == 0, "this stack is none of the CPU's");
}

static void test_user(void)
{
	struct x86_cpu *c = x86_this_cpu();
	struct trap_frame frame = {.eax = 0x99};
	struct fault fault = {1, 2};
	u32 value = 7;

	c->user_end = (struct user_end){.value = 0x88};
	CHECK(user_run(0x1000, 0x2000, 3, &value, &fault) && value == 0x88 && fault.cause == 2,
	      "a user's call and its value");
	CHECK(noted("user 0x1000 0x2000 0x3\n") && !c->user_context, "entered, and over");
	c->user_context = 5;
	CHECK(ENDS(user_leave_call(&frame)) && noted("resume\n") && c->user_end.value == 0x99 &&
		      !c->user_end.faulted,
	      "the call");
	CHECK(ENDS(user_leave_fault(&(struct fault){8, 9})) && noted("resume\n") &&
		      c->user_end.faulted && c->user_end.fault.address == 8 &&
		      c->user_end.fault.cause == 9,
	      "the fault");
	CHECK(!user_run(0x1000, 0x2000, 3, &value, &fault) && fault.cause == 9, "is told");
	noted("user 0x1000 0x2000 0x3\n");
	CHECK(ENDS(user_leave_fault(&fault)) && noted_also("c->user_context") &&
		      ENDS(user_leave_call(&frame)) && noted_also("c->user_context"),
	      "nobody leaves who is not there");
	CHECK(user_program_expected(0x12345678) == (0x12345678 ^ 0x600df00d), "what is expected");
}

void test(void)
{
	trap_lab_prepare();
	test_vectors();
	test_exceptions();
	test_fixup();
	test_terms();
	test_backtrace();
	test_user();
}
