/* SPDX-License-Identifier: MIT */
/*
 * Tests arch/s390x/trap.c and trap_print.c for the meaning of a frame and the text of its screen.
 */
#include "tests/self/unit/s390x/fake.h"

#include "kernel/hooks/upcalls.h"

#define load_doubleword(at) (*(const u64 *)(at))
#define load_halfword(at)   (0x10000u + (u32)(at)) /* names the word read */

#include "arch/s390x/trap.c"
#include "arch/s390x/trap_print.c"

/* Set by linker/s390x.ld and entry.S. 64 bytes of text, 0x40 to 0x7f, with code that may fault at
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

static struct trap_frame program(unsigned code)
{
	return (struct trap_frame){
		.class = CLASS_PROGRAM, .program = (u16)code, .address = TEXT + 8};
}

/* Some program interruptions are page faults. For some of those the PSW is the instruction's own
 * (P, T), and for others it is behind the instruction (O, A). */
static void test_kinds(void)
{
	static const char kinds[] = "OOOOPOOOOOOOOOOOPPPOOOOOOOOOOOOO"
				    "OOOOOOOOOOOOOOOOOOOOOOOOPPPPOOOO"
				    "OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO"
				    "OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO";
	static const char places[] = "AAAAAAAAAAAAAAAATTAAAAAAAAAAAAAA"
				     "AAAAAAAAAAAAAAAAAAAAAAAATTTTAAAA"
				     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	bool good = true, placed = true;

	for (unsigned code = 0; code < 256; code++) {
		struct trap_frame frame = program(code); /* bit 7: a PER event as well */

		frame.program_length = 0xff07;
		good = good && (trap_kind(&frame) == TRAP_PAGE_FAULT) == (kinds[code % 128] == 'P');
		good = good && (trap_kind(&frame) == TRAP_OTHER) == (kinds[code % 128] == 'O');
		placed = placed &&
			 trap_pc(&frame) == (places[code % 128] == 'T' ? TEXT + 8 : TEXT + 2);
	}
	CHECK(good, "every program interruption: a page fault or not");
	CHECK(placed, "and where its instruction is");
	for (unsigned class = 0; class < NR_CLASSES; class ++) {
		struct trap_frame frame = program(PROGRAM_PAGE);

		frame.class = class;
		frame.program_length = 6;
		CHECK(trap_kind(&frame) ==
				      (class == CLASS_PROGRAM ? TRAP_PAGE_FAULT : TRAP_OTHER) &&
			      trap_pc(&frame) == TEXT + 8,
		      "class %u from the kernel", class);
		frame.mask = PSW_PROBLEM;
		CHECK(trap_kind(&frame) == (class == CLASS_PROGRAM ? TRAP_PAGE_FAULT
					    : class == CLASS_SVC   ? TRAP_USER_CALL
								   : TRAP_OTHER),
		      "class %u from the user", class);
	}
	CHECK(program_interruption_code() == 0x1008e,
	      "the code of the last one, in the prefix area");
}

static bool faults(unsigned code, u64 identification, u64 mask, u32 cause, vaddr_t address)
{
	struct trap_frame frame = program(code);
	struct fault fault;

	frame.translation = identification;
	frame.mask = mask;
	fault = trap_fault(&frame);
	return fault.cause == cause && fault.address == address;
}

static void test_faults(void)
{
	CHECK(faults(PROGRAM_PAGE, 0x12345fff & ~0x400ul, 0, 0, 0x12345000),
	      "no page: the address");
	CHECK(faults(PROGRAM_PAGE, 0x400, 0, FAULT_WRITE, 0), "of a store, if it says so");
	CHECK(faults(PROGRAM_PAGE, 0x401, 0, FAULT_WRITE, 0), "whatever space it was in");
	CHECK(faults(PROGRAM_PROTECTION, 0x5001, 0, FAULT_PROTECTION, 0x5000),
	      "protection without more: it does not say of what");
	CHECK(faults(PROGRAM_PAGE, 0x800, 0, 0, 0) && faults(PROGRAM_PAGE, 0xc00, 0, 0, 0),
	      "two other values of those bits: no store");
	CHECK(faults(PROGRAM_PAGE, 0, PSW_PROBLEM, FAULT_USER, 0), "the user's");
	CHECK(faults(PROGRAM_PAGE, 0, ~PSW_PROBLEM, 0, 0), "or the kernel's");
	CHECK(faults(PROGRAM_PROTECTION, 0x400, 0, FAULT_PROTECTION | FAULT_WRITE, 0),
	      "protection");
	CHECK(faults(PROGRAM_PROTECTION, 0x480, 0, FAULT_PROTECTION | FAULT_WRITE, 0),
	      "with bit 56 of a store: low-address protection");
	CHECK(faults(PROGRAM_PROTECTION, 0x5080, 0, FAULT_PROTECTION | FAULT_EXEC, TEXT),
	      "of no store: execution, at the page of the instruction");
	CHECK(faults(PROGRAM_PAGE, 0x5080, 0, 0, 0x5000), "only with protection");
	CHECK(faults(PROGRAM_TRANSLATION_SPECIFICATION, 0, 0, FAULT_RESERVED, 0), "a reserved bit");
	CHECK(faults(PROGRAM_ASCE_TYPE, 0, 0, FAULT_LIMIT, 0), "beyond the top table");
	CHECK(faults(PROGRAM_REGION3, 0, 0, 0, 0) && faults(PROGRAM_SEGMENT, 0, 0, 0, 0),
	      "other levels are empty");
}

static void test_tries(void)
{
	struct fault fault = {0x1000, FAULT_WRITE}, seen = {0, 0};
	struct trap_frame frame = program(PROGRAM_PAGE);
	u32 value = 0;

	for (vaddr_t at = 14; at < 34; at++) {
		bool try = at >= 16 && at < 32;

		frame.address = TEXT + at;
		c->user_end.fault.address = 0;
		if (trap_fixup(&frame, &fault) != try ||
		    frame.address != (try ? (vaddr_t)try_failed : TEXT + at) ||
		    c->user_end.fault.address != (try ? 0x1000 : 0))
			CHECK(false, "a fault at 0x%lx of the text", at);
	}
	accesses = true;
	CHECK(try_load(0x2000, &value, &seen) && value == 0x2001 && !seen.cause, "a load");
	CHECK(try_store(0x2000, 5, &seen) && !seen.cause, "a store");
	EXPECT("store 0x2000 0x5 ", "of that value");
	accesses = false;
	c->user_end.fault = fault;
	CHECK(!try_load(0, &value, &seen) && seen.address == 0x1000,
	      "a load that faults: says how");
	seen.address = 0;
	CHECK(!try_store(0, 0, &seen) && seen.address == 0x1000 && seen.cause == FAULT_WRITE,
	      "a store that faults: says how");
	record_clear();
}

static void test_interruptions(void)
{
	struct trap_frame frame = {.class = CLASS_EXTERNAL, .mask = ~0ul, .external = 0x1201};

	s390_trap(&frame);
	EXPECT("emergency ", "an emergency signal");
	CHECK(frame.mask == (u64)~0x2000000000000ul, "ends a wait, and changes nothing else");
	frame.external = 0x2401;
	s390_trap(&frame);
	CHECK(c->service_done == 1, "a service signal");
	EXPECT("", "is only noted");
	fake.control[0] = ~0ul;
	frame.external = 0x1202;
	s390_trap(&frame);
	EXPECT("unexpected 0x1202 ", "another one: told");
	keeps_coming = true;
	s390_trap(&frame);
	EXPECT("unexpected 0x1202 cr0 = 0xffffffffffff420f ", "if they keep coming: masked");
	frame = (struct trap_frame){.class = CLASS_SVC, .mask = ~0ul, .external = 0x1201};
	s390_trap(&frame);
	EXPECT("trap 2 ", "another class: the kernel's");
	CHECK(frame.mask == ~0ul, "a wait goes on");
}

#define STACK	  4096u
#define EMERGENCY (STACK + STACK_SIZE + 4096)
static u64 stacks[(EMERGENCY + EMERGENCY_STACK_SIZE + 4096) / 8] __aligned(4096);
#define AT(offset) ((vaddr_t)stacks + (offset))

/* A frame of the ABI has the back chain and the saved %r14. */
static void call_frame(u64 at, u64 caller, vaddr_t returns_to)
{
	stacks[at / 8] = AT(caller);
	stacks[(caller + 112) / 8] = returns_to;
}

static unsigned calls(u64 sp, vaddr_t *pc, unsigned n, u64 mask)
{
	struct trap_frame frame = program(PROGRAM_PAGE);

	frame.gpr[15] = AT(sp);
	frame.mask = mask;
	memset(pc, 0, 8 * sizeof(*pc));
	return backtrace(&frame, pc, n);
}

static void test_backtrace(void)
{
	const u64 last = STACK + STACK_SIZE - 160,
		  last_emergency = EMERGENCY + EMERGENCY_STACK_SIZE - 160;
	vaddr_t pc[8];

	memset(stacks, 0, sizeof(stacks));
	c->stack = AT(STACK);
	c->emergency = AT(EMERGENCY);
	call_frame(EMERGENCY, last_emergency, TEXT + 10);
	call_frame(last_emergency, STACK, TEXT + 20);
	call_frame(STACK, STACK + 200, TEXT);
	call_frame(STACK + 200, last, TEXT + 63);
	CHECK(calls(EMERGENCY, pc, 8, 0) == 5 && pc[0] == TEXT + 8 && pc[1] == TEXT + 9 &&
		      pc[2] == TEXT + 19 && pc[3] == TEXT - 1 && pc[4] == TEXT + 62,
	      "the instruction, then each call, over both stacks");
	CHECK(calls(EMERGENCY, pc, 3, 0) == 3 && pc[2] && !pc[3], "no more than are asked for");
	CHECK(calls(EMERGENCY, pc, 0, 0) == 0 && !pc[0], "none at all");
	CHECK(calls(EMERGENCY, pc, 8, PSW_PROBLEM) == 1 && pc[0] == TEXT + 8,
	      "the user's stack is not ours");
	call_frame(STACK + 200, last, TEXT + 64);
	CHECK(calls(STACK, pc, 8, 0) == 2, "ends at what is no text: behind it");
	call_frame(STACK + 200, last, TEXT - 1);
	CHECK(calls(STACK, pc, 8, 0) == 2, "or before it");
	call_frame(STACK + 200, last, TEXT + 1);
	CHECK(calls(STACK, pc, 8, 0) == 3, "(it was that)");
	call_frame(STACK + 200, last + 8, TEXT + 1);
	CHECK(calls(STACK, pc, 8, 0) == 2, "or at a frame above the stack");
	call_frame(STACK + 200, STACK - 8, TEXT + 1);
	CHECK(calls(STACK, pc, 8, 0) == 2, "or below it");
	call_frame(STACK + 200, last_emergency + 8, TEXT + 1);
	CHECK(calls(STACK, pc, 8, 0) == 2, "or above the other one");
	call_frame(STACK + 200, EMERGENCY - 8, TEXT + 1);
	CHECK(calls(STACK, pc, 8, 0) == 2, "or below it");
	CHECK(calls(last + 8, pc, 8, 0) == 1 && calls(STACK + 4, pc, 8, 0) == 1,
	      "a wild stack pointer, a crooked one");
}

/* An interruption at once finds no user program. */
static void on_irqs(void)
{
	record("context %lu", c->user_context);
}

static void test_user(void)
{
	struct trap_frame frame = {.gpr[2] = 0xffffffff12345678};
	struct fault fault = {0x3000, FAULT_EXEC}, seen = {0, 0};
	u32 value = 0;

	fake.irqs = true;
	fake.on_irqs = on_irqs;
	c->user_end = (struct user_end){.value = 9};
	CHECK(user_run(0x4000, 0x5000, 6, &value, &seen) && value == 9 && !seen.cause,
	      "a user program that calls");
	EXPECT("irqs save enter psw 0x505c00180000000 0x4000 arg 0x6 sp 0x5000 irqs 0 irqs restore "
	       "1 context 0 ",
	       "ran in problem state, home space, with interruptions, which are as they were");
	CHECK(!c->user_context, "it is over");
	c->user_end = (struct user_end){.faulted = true, .fault = fault};
	CHECK(!user_run(0x4000, 0x5000, 6, &value, &seen) && seen.address == 0x3000,
	      "one that faults");
	record_clear();
	c->user_context = 1;
	CHECK(ENDS(user_leave_call(&frame)) && !c->user_end.faulted &&
		      c->user_end.value == 0x12345678,
	      "its call brings the value");
	EXPECT("resume ", "and goes back");
	CHECK(ENDS(user_leave_fault(&fault)) && c->user_end.faulted &&
		      c->user_end.fault.address == 0x3000,
	      "its fault brings the fault");
	EXPECT("irqs off resume ", "and goes back, interruptions off");
	c->user_context = 0;
	c->user_end.value = 1;
	fake.irqs = true;
	resumed = false;
	CHECK(ENDS(user_leave_call(&frame)) && ENDS(user_leave_fault(&fault)),
	      "without a program: panic");
	CHECK(!resumed && c->user_end.value == 1 && !fake.irqs, "nothing goes on, nothing is lost");
	record_clear();
	CHECK(user_program_expected(0x12345678) == (0x12345678 ^ 0x600df00d),
	      "what user_program says");
}

#define HEAD(what, mode) "# " what ", " mode " mode "
#define REGISTERS                                                                                  \
	"# r0=0000000000000100 r1=0000000000000101 r2=0000000000000102 r3=0000000000000103 "       \
	"# r4=0000000000000104 r5=0000000000000105 r6=0000000000000106 r7=0000000000000107 "       \
	"# r8=0000000000000108 r9=0000000000000109 r10=000000000000010a r11=000000000000010b "     \
	"# r12=000000000000010c r13=000000000000010d r14=000000000000010e r15=000000000000010f "   \
	"# cr0=0000000000000a00 cr1=0000000000000a01 cr7=0000000000000a07 cr13=0000000000000a0d "
#define REST "# psw=0000000000000000 0000000000000000 " REGISTERS

static struct trap_frame screen_frame(enum trap_class class)
{
	struct trap_frame frame = {.class = class};

	for (unsigned n = 0; n < 16; n++) {
		frame.gpr[n] = 0x100 + n;
		fake.control[n] = 0xa00 + n;
	}
	return frame;
}

static bool prints(const struct trap_frame *frame, const char *expected)
{
	trap_print(frame);
	return recorded(expected);
}

static void test_names(void)
{
	static const char *const programs[NR_PROGRAMS] = {
		[1] = "operation",
		"privileged operation",
		"execute",
		"protection",
		"addressing",
		"specification",
		"data",
		"fixed-point overflow",
		"fixed-point divide",
		[16] = "segment translation",
		"page translation",
		"translation specification",
		"special operation",
		[21] = "operand",
		[56] = "ASCE type",
		"region-first translation",
		"region-second translation",
		"region-third translation",
	};
	bool good = true;

	for (unsigned code = 0; code < 128; code++) {
		struct trap_frame frame = program(code);
		const char *name = code < ARRAY_SIZE(programs) && programs[code]
					   ? programs[code]
					   : "unknown program check";

		good = good && !strcmp(trap_name(&frame), name);
	}
	CHECK(good && NR_PROGRAMS == 64, "every program interruption has its name");
	CHECK(!strcmp(trap_name(&(struct trap_frame){.class = NR_CLASSES}), "unknown"),
	      "no such class");
}

static void test_screens(void)
{
	struct trap_frame frame = screen_frame(CLASS_RESTART);
	char text[1024];

	CHECK(prints(&frame, HEAD("restart: restart", "kernel") REST), "a restart");
	frame.address = TEXT + 63;
	snprintf(text, sizeof(text),
		 HEAD("restart: restart", "kernel") "# psw=%016lx %016lx %s# code: 7f ", 0ul,
		 frame.address, REGISTERS);
	CHECK(prints(&frame, text), "in the kernel's text: its code as well");
	frame = screen_frame(CLASS_EXTERNAL);
	CHECK(prints(&frame, HEAD("external: external", "kernel") REST),
	      "an external interruption");
	frame = screen_frame(CLASS_IO);
	CHECK(prints(&frame, HEAD("I/O: I/O", "kernel") REST), "an I/O interruption");
	frame = screen_frame(CLASS_SVC);
	CHECK(prints(&frame, HEAD("supervisor call: supervisor call", "kernel") REST), "a call");
	frame = screen_frame(CLASS_MACHINE_CHECK);
	frame.machine_check = 0xabc;
	CHECK(prints(&frame, HEAD("machine check: machine check",
				  "kernel") "# machine check code=0xabc " REST),
	      "a machine check: its code");
	frame = screen_frame(CLASS_PROGRAM);
	frame.program = 0x0001;
	CHECK(prints(&frame, HEAD("program check: operation",
				  "kernel") "# program interruption code=0x1 length=0 " REST),
	      "an operation that there is not");
	frame.program = 0x0011;
	frame.translation = 0x7001;
	CHECK(prints(&frame, HEAD("program check: page translation",
				  "kernel") "# program interruption code=0x11 length=0 "
					    "# identification=0x7001: load of the page at 0x7000, "
					    "access register space " REST),
	      "a load");
	frame.translation = 0x7402;
	CHECK(prints(&frame, HEAD("program check: page translation",
				  "kernel") "# program interruption code=0x11 length=0 "
					    "# identification=0x7402: store of the page at 0x7000, "
					    "secondary space " REST),
	      "a store");
	frame.program = 0x0004;
	frame.program_length = 4;
	frame.translation = 0x7083;
	frame.address = 4;
	CHECK(prints(&frame,
		     HEAD("program check: protection",
			  "kernel") "# program interruption code=0x4 length=4 "
				    "# identification=0x7083: fetch of the page at 0, home space "
				    "# psw=0000000000000000 0000000000000004 "
				    "# r0=0000000000000100 r1=0000000000000101 r2=0000000000000102 "
				    "r3=0000000000000103 "
				    "# r4=0000000000000104 r5=0000000000000105 r6=0000000000000106 "
				    "r7=0000000000000107 "
				    "# r8=0000000000000108 r9=0000000000000109 "
				    "r10=000000000000010a r11=000000000000010b "
				    "# r12=000000000000010c r13=000000000000010d "
				    "r14=000000000000010e r15=000000000000010f "
				    "# cr0=0000000000000a00 cr1=0000000000000a01 "
				    "cr7=0000000000000a07 cr13=0000000000000a0d "),
	      "a fetch");
}

static void test_overflow(void)
{
	struct trap_frame frame = screen_frame(CLASS_PROGRAM);

	fake.cpu = 5;
	c->stack = 0x9000;
	frame.program = 0x0010;
	frame.translation = 0x8400;
	CHECK(prints(&frame, HEAD("program check: segment translation",
				  "kernel") "# program interruption code=0x10 length=0 "
					    "# identification=0x8400: store of the page at 0x8000, "
					    "primary space "
					    "# stack overflow: an access at 0x8000, below the "
					    "stack of 16384 bytes of CPU 5 " REST),
	      "in the page below the stack: an overflow");
	frame.mask = PSW_PROBLEM;
	frame.translation = 0x9400;
	c->stack = 0x8000;
	frame.program = 0x0091;
	trap_print(&frame);
	EXPECT(HEAD("program check: page translation",
		    "user") "# program interruption code=0x91 length=0 "
			    "# identification=0x9400: store of the page at 0x9000, primary space "
			    "# psw=0001000000000000 0000000000000000 "
			    "# r0=0000000000000100 r1=0000000000000101 r2=0000000000000102 "
			    "r3=0000000000000103 "
			    "# r4=0000000000000104 r5=0000000000000105 r6=0000000000000106 "
			    "r7=0000000000000107 "
			    "# r8=0000000000000108 r9=0000000000000109 r10=000000000000010a "
			    "r11=000000000000010b "
			    "# r12=000000000000010c r13=000000000000010d r14=000000000000010e "
			    "r15=000000000000010f "
			    "# cr0=0000000000000a00 cr1=0000000000000a01 cr7=0000000000000a07 "
			    "cr13=0000000000000a0d ",
	       "another page, a user's: none");
}

static void test_code(void)
{
	print_code(TEXT);
	EXPECT("# code: 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f ", "16 bytes of code");
	print_code(TEXT + 62);
	EXPECT("# code: 7e 7f ", "as far as the text goes");
	print_code(TEXT + 64);
	print_code(TEXT - 1);
	EXPECT("", "none outside of it");
}

int main(void)
{
	test_kinds();
	test_faults();
	test_tries();
	test_interruptions();
	test_backtrace();
	test_user();
	test_names();
	test_screens();
	test_overflow();
	test_code();
	return tap_done();
}
