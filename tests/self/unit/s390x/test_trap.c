/* SPDX-License-Identifier: MIT */
/* Tests the meaning of a frame, the owner of each interruption, backtraces, and the end of a
 * user program in arch/s390x/trap.c. */
#include "tests/self/unit/s390x/trap_lab.h"

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
		frame.mask = PSW_PROBLEM;
		good = good && trap_kind(&frame) == (kinds[code % 128] == 'P' ? TRAP_PAGE_FAULT
									      : TRAP_USER_ERROR);
		placed = placed &&
			 trap_pc(&frame) == (places[code % 128] == 'T' ? TEXT + 8 : TEXT + 2);
	}
	CHECK(good,
	      "every program interruption: a page fault, or the user's error, or something else");
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
	CHECK(faults(PROGRAM_PROTECTION, 0x5001, 0, FAULT_PROTECTION | FAULT_WRITE, 0x5000),
	      "protection without more: of a store, as nothing else is protected");
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
	EXPECT("emergency exit to user mode 1 ",
	       "an emergency signal, and then the way back to the user");
	CHECK(frame.mask == (u64)~0x2000000000000ul, "ends a wait, and changes nothing else");
	frame.external = 0x2401;
	s390_trap(&frame);
	CHECK(c->service_done == 1, "a service signal");
	EXPECT("exit to user mode 1 ", "is only noted");
	frame.mask = ~PSW_PROBLEM;
	fake.control[0] = ~0ul;
	frame.external = 0x1202;
	s390_trap(&frame);
	EXPECT("unexpected 0x1202 ", "another one: told");
	keeps_coming = true;
	s390_trap(&frame);
	EXPECT("unexpected 0x1202 cr0 = 0xffffffffffff420f ", "if they keep coming: masked");
	frame = (struct trap_frame){.class = CLASS_SVC, .mask = ~PSW_PROBLEM, .external = 0x1201};
	s390_trap(&frame);
	EXPECT("trap 2 ", "another class: the kernel's");
	CHECK(frame.mask == ~PSW_PROBLEM, "a wait goes on");
	frame.mask = ~0ul;
	s390_trap(&frame);
	EXPECT("trap 2 exit to user mode 2 ", "of the user");
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
	CHECK(user_run(0x4000, 0x5000, 0x600000006, 7, &value, &seen) && value == 9 && !seen.cause,
	      "a user program that calls");
	EXPECT("irqs save enter psw 0x505c00180000000 0x4000 arg 0x600000006 0x7 sp 0x5000 irqs 0 irqs restore 1 context 0 ",
	       "ran in problem state, home space, with interruptions, which are as they were");
	CHECK(!c->user_context, "it is over");
	c->user_end = (struct user_end){.faulted = true, .fault = fault};
	CHECK(!user_run(0x4000, 0x5000, 6, 7, &value, &seen) && seen.address == 0x3000,
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

int main(void)
{
	test_kinds();
	test_faults();
	test_tries();
	test_interruptions();
	test_backtrace();
	test_user();
	return tap_done();
}
