/* SPDX-License-Identifier: MIT */
/* with: arch/x86/entry.S arch/x86/cpu.c */
/* Tests arch/x86/entry.S around trap.c. Each register and flag comes back from each vector, a
 * double fault has the state left by the task switch, and a try goes on behind its fault. */
#include "arch/x86/msr.h"
#include "tests/self/unit/x86/trap_lab.h"

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
		 "ds=0x10\nes=0x10\n%u %x, d1515151 51525354 e1e2e3e4 b1b2b3b4 d1d2d3d4 c1c2c3c4 a1a2a3a4, flags ed7, DF=0\n",
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
	trap_lab_prepare();
	process_rdmsr = rdmsr;
	test_double_fault();
	test_tries();
	at_trap = look_at_frame;
	comes_back(0, 0);
	comes_back(14, 0xe1e1);
	comes_back(0x80, 0);
}
