/* SPDX-License-Identifier: MIT */
/* with: arch/x86/entry.S arch/x86/cpu.c */
/* Tests the handler of each vector and its acknowledgement in arch/x86/trap.c, and in
 * arch/x86/entry.S around it that each register and flag comes back from each vector. */
#include "arch/x86/msr.h"
#include "arch/x86/trap.c"

#include "tests/self/unit/x86/process.h"

__asm__(".globl x86_park, x86_arrival_nmi, __text_start, __text_end, user_enter\n"
	".set x86_park, 0xc0123450\n"
	".set x86_arrival_nmi, 0xc0165430\n"
	".set __text_start, 0xc0100000\n"
	".set __text_end, 0xc0110000\n");

#define NONE 256u

static unsigned in_service = NONE; /* a vector */
static bool nowait, storm;	   /* the kernel's answers */
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

static void look_at_double_fault(struct trap_frame *f)
{
	const u32 *caller = __builtin_frame_address(0);

	for (unsigned i = 0; i < 4 && caller[1] != 0x10e; i++)
		caller = *(u32 *const *)caller;
	CHECK(caller[0] == 0x106 && caller[1] == 0x10e, "a backtrace goes on where it was");
	note("%x %x %x, %x %x %x %x %x %x %x %x, %u %u, %x %x %x, %x %x", f->fs, f->es, f->ds,
	     f->edi, f->esi, f->ebp, f->esp_dummy, f->ebx, f->edx, f->ecx, f->eax, f->vector,
	     f->error, f->eip, f->cs, f->eflags, f->user_esp, f->user_ss);
}

static void test_double_fault(void)
{
	x86_this_cpu()->tss = (struct x86_tss){.fs = 0x101,
					       .es = 0x102,
					       .ds = 0x103,
					       .edi = 0x104,
					       .esi = 0x105,
					       .ebp = 0x106,
					       .ebx = 0x107,
					       .edx = 0x108,
					       .ecx = 0x109,
					       .eax = 0x10a,
					       .esp = 0x10c,
					       .eip = 0x10d,
					       .cs = 0x10e,
					       .eflags = 0x10f,
					       .ss = 0x110};
	at_trap = look_at_double_fault;
	CHECK(ENDS(((void (*)(void))double_fault_entry)()), "a double fault is not returned from");
	DID("clts\n101 102 103, 104 105 106 f8 107 108 109 10a, 8 0, 10d 10e 10f, 10c 110\n"
	    "panic: trap() returned from a double fault\n",
	    "its frame is the state that the task switch left");
	at_trap = NULL;
}

#define TEXT 0xc0100000u

static u8 block[STACK_BLOCK_SIZE] __aligned(4096);

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

/*
 * void through_stub(const u8 *stub, u32 error, u32 out[10]) makes the frame of an exception as the
 * CPU pushes it, with an error code if there is one and a pattern in each register and flag, and
 * enters the stub. After the IRET, out has the results of PUSHFL and PUSHAL, and the stack pointer.
 */
#define FLAGS 0xed7u /* CF PF AF ZF SF IF DF OF, and bit 1 */

__asm__("through_stub:\n\t"
	"pushal\n\t"
	"movl 36(%esp),%ecx\n\t"
	"movl 40(%esp),%edx\n\t"
	"movl %esp,through_esp\n\t"
	"pushl $0xed7\n\t"
	"pushl %cs\n\t"
	"pushl $through_return\n\t"
	"testl %edx,%edx\n\t"
	"jz 1f\n\t"
	"pushl %edx\n"
	"1:\tpushl %ecx\n\t"
	"pushl $0xed7\n\t"
	"movl $0xa1a2a3a4,%eax\n\t"
	"movl $0xb1b2b3b4,%ebx\n\t"
	"movl $0xc1c2c3c4,%ecx\n\t"
	"movl $0xd1d2d3d4,%edx\n\t"
	"movl $0x51525354,%esi\n\t"
	"movl $0xd1515151,%edi\n\t"
	"movl $0xe1e2e3e4,%ebp\n\t"
	"popfl\n\t"
	"ret\n"
	"through_return:\n\t"
	"pushfl\n\t"
	"pushal\n\t"
	"cld\n\t"
	"movl %esp,%esi\n\t"
	"movl 80(%esp),%edi\n\t"
	"movl $9,%ecx\n\t"
	"rep; movsl\n\t"
	"movl $0,(%edi)\n\t"
	"cmpl %esi,through_esp\n\t"
	"sete (%edi)\n\t"
	"movl through_esp,%esp\n\t"
	"popal\n\t"
	"ret\n"
	".bss\n"
	"through_esp: .long 0\n"
	".text");

void through_stub(const u8 *stub, u32 error, u32 out[10]);
extern const u8 through_return[];

static u32 trapped_segments[3];

static void look_at_frame(struct trap_frame *f)
{
	const u32 *f_words = (const u32 *)f, *caller = __builtin_frame_address(0);
	u32 flags, fs;

	__asm__ __volatile__("pushfl; popl %0; movl %%fs,%1" : "=r"(flags), "=r"(fs));
	CHECK((fs | 3) == 0x2b && f->ds == trapped_segments[0] && f->es == trapped_segments[1] &&
		      f->fs == trapped_segments[2],
	      "%%fs is the kernel's, the other segments are kept");
	note("%u %x, %x %x %x %x %x %x %x, flags %x, DF=%u", f->vector, f->error, f->edi, f->esi,
	     f->ebp, f->ebx, f->edx, f->ecx, f->eax, f->eflags, flags >> 10 & 1);
	CHECK(f->eip == (u32)through_return && f->cs == 0x23, "where it was");
	for (unsigned i = 0; i < 4 && caller != f_words - 2; i++)
		caller = *(u32 *const *)caller;
	CHECK(caller == f_words - 2 && f_words[-2] == f->ebp && f_words[-1] == f->eip + 1,
	      "a backtrace goes through");
}

static void segments(u32 words[3])
{
	__asm__ __volatile__("movl %%ds,%0; movl %%es,%1; movl %%fs,%2"
			     : "=r"(words[0]), "=r"(words[1]), "=r"(words[2]));
}

static void comes_back(u8 vector, u32 error)
{
	u32 after[3];
	char expected[200];
	u32 out[10];

	snprintk(expected, sizeof(expected),
		 "ds=0x10\nes=0x10\n%u %x, d1515151 51525354 e1e2e3e4 b1b2b3b4 d1d2d3d4 c1c2c3c4 "
		 "a1a2a3a4, flags ed7, DF=0\n",
		 vector, error);
	segments(trapped_segments);
	through_stub(vector_stubs + 16 * vector, error, out);
	segments(after);
	CHECK(after[0] == trapped_segments[0] && after[1] == trapped_segments[1] &&
		      after[2] == trapped_segments[2],
	      "segments come back");
	DID(expected, "vector %u: the kernel's segments, and what was trapped", vector);
	CHECK(out[0] == 0xd1515151 && out[1] == 0x51525354 && out[2] == 0xe1e2e3e4 &&
		      out[4] == 0xb1b2b3b4 && out[5] == 0xd1d2d3d4 && out[6] == 0xc1c2c3c4 &&
		      out[7] == 0xa1a2a3a4 && out[8] == FLAGS && out[9],
	      "registers, flags and stack come back");
}

static bool fix_up(struct process_registers *r)
{
	struct trap_frame frame = {.eip = r->eip, .eax = r->eax, .edx = r->edx};
	const struct fault fault = {r->cr2, r->error};

	if (!trap_fixup(&frame, &fault))
		return false;
	r->eip = frame.eip;
	r->eax = frame.eax;
	r->edx = frame.edx;
	return true;
}

static bool no_such_msr(struct process_registers *r)
{
	r->eip = (u32)msr_try_failed;
	return true;
}

static u64 rdmsr(u32 msr)
{
	return msr == 0x8b ? 0x123456789abcdef0 : 0;
}

#define NOWHERE 0x4000u

static void test_tries(void)
{
	u32 words[3] = {1, 2, 3}, value[3] = {7, 7, 7};
	struct fault fault = {9, 9};
	u64 msr[3] = {5, 5, 5};

	CHECK(try_load((vaddr_t)&words[1], &value[1], &fault) == 1 && value[0] == 7 &&
		      value[1] == 2 && value[2] == 7 && fault.address == 9,
	      "a load");
	CHECK(try_store((vaddr_t)&words[1], 0x87654321, &fault) == 1 && words[0] == 1 &&
		      words[1] == 0x87654321 && words[2] == 3 && fault.address == 9,
	      "a store");
	process_fault = fix_up;
	CHECK(!try_load(NOWHERE, &value[1], &fault) && value[1] == 2 && fault.address == NOWHERE &&
		      fault.cause == 4,
	      "a load that faults");
	fault = (struct fault){9, 9};
	CHECK(!try_store(NOWHERE + 8, 1, &fault) && fault.address == NOWHERE + 8 &&
		      fault.cause == 6,
	      "a store that faults");
	CHECK(msr_try_read(0x8b, &msr[1]) == 1 && msr[0] == 5 && msr[1] == 0x123456789abcdef0 &&
		      msr[2] == 5,
	      "a register is read");
	CHECK(msr_try_write(0x77, 0x1111222233334444) == 1 &&
		      noted("wrmsr 0x77=0x1111222233334444\n"),
	      "and written");
	process_fault = no_such_msr;
	process_rdmsr = NULL;
	CHECK(!msr_try_read(0x8b, &msr[1]) && msr[1] == 0x123456789abcdef0,
	      "one that is not there");
	process_fault = NULL;
}

void test(void)
{
	process_rdmsr = rdmsr;
	x86_cpu_prepare(1, 0, (vaddr_t)block);
	process_percpu(&x86_cpus[1]);
	process_map(TEXT - 0x1000, 0x12000);
	test_vectors();
	test_exceptions();
	test_fixup();
	test_terms();
	test_double_fault();
	test_backtrace();
	test_user();
	test_tries();
	at_trap = look_at_frame;
	comes_back(0, 0);
	comes_back(14, 0xe1e1);
	comes_back(0x80, 0);
}
