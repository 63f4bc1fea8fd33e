/* SPDX-License-Identifier: MIT */
/* Tests each exception's generic meaning and handler in arch/mips/trap.c. */
#include "arch/mips/cpu.h"
#include "arch/mips/entry.h"

/* entry.S has eight bytes from the first to the last. */
#define mips_idle_end (mips_idle_start + 8)
#include "arch/mips/trap.c"

#include <string.h>

#include "tests/self/unit/mips/host.h"

const u8 mips_idle_start[16];
const u8 try_load_access[4], try_store_access[4], try_failed[4];

#define EPC	  0x80123450u
#define BAD	  0x40200004u
#define ON	  (STATUS_IE | STATUS_IM_IRQS | STATUS_IM_NOWAIT)
#define LINE(ipi) BIT(8 + 2 + (ipi))

static bool asked, survives;
static enum fill_answer filled;

void gic_ack(enum ipi ipi)
{
	host_note("ack%u", ipi);
}

void interrupt_shootdown(void)
{
	host_note("shootdown");
}

void interrupt_call(void)
{
	host_note("call");
}

void interrupt_wake(void)
{
	host_note("wake");
}

bool interrupt_nowait(void)
{
	host_note("nowait");
	return asked;
}

void interrupt_spurious(void)
{
	host_note("spurious");
}

bool interrupt_unexpected(unsigned vector)
{
	host_note("stray %x", vector);
	return false;
}

void mips_stop_if_asked(vaddr_t pc)
{
	host_note("stop? %lx", pc);
}

bool machine_check_survived(struct trap_frame *frame)
{
	host_note("machine check");
	(void)frame;
	return survives;
}

enum fill_answer tlb_exception(vaddr_t va, bool store)
{
	host_note("fill %lx %s", va, store ? "store" : "load");
	return filled;
}

void tlb_flush_page(vaddr_t va)
{
	host_note("flush %lx", va);
}

void trap(struct trap_frame *frame)
{
	host_note("trap %u", code_of(frame));
}

void exit_to_user_mode(const struct trap_frame *frame)
{
	host_note("exit to user mode %u", code_of(frame));
}

void user_enter(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2)
{
	host_note("enter %lx %lx %lx %x", pc, sp, arg, arg2);
	mips_this_cpu()->user_context = 5;
}

void user_resume(void)
{
	host_note("resume");
	longjmp(host_death, 1);
}

static struct trap_frame frame_of(u32 code, u32 status)
{
	struct trap_frame frame = {
		.cause = code << 2 | 0x80000081, .status = status, .epc = EPC, .badvaddr = BAD};

	for (unsigned i = 0; i < 32; i++)
		frame.reg[i] = 0x1000 + i;
	return frame;
}

/* --- the kind of trap --- */

#define P     FAULT_PROTECTION
#define W     FAULT_WRITE
#define R     FAULT_RESERVED
#define X     FAULT_EXEC
#define L     FAULT_LIMIT
#define U     FAULT_USER
#define OTHER 0xffffffffu
#define ERROR 0xfffffffeu

/* Cause.ExcCode, and the fault's cause from kernel mode and from user mode. OTHER is no page fault,
 * and ERROR is an error of the user's program. */
static const struct {
	u32 code, kernel, user;
} faults[] = {
	{EXC_INTERRUPT, OTHER, OTHER},
	{EXC_MODIFIED, W | P, W | P | U},
	{EXC_TLB_LOAD, 0, U},
	{EXC_TLB_STORE, W, W | U},
	{EXC_ADDRESS_LOAD, OTHER, P | L | U},
	{EXC_ADDRESS_STORE, OTHER, W | P | L | U},
	{EXC_BUS_FETCH, OTHER, ERROR},
	{EXC_BUS_DATA, OTHER, ERROR},
	{EXC_SYSCALL, OTHER, OTHER},
	{9, OTHER, ERROR},
	{10, OTHER, ERROR},
	{11, OTHER, ERROR},
	{15, OTHER, ERROR},
	{EXC_NO_READ, 0, U},
	{EXC_NO_EXEC, P | X, P | X | U},
	{EXC_WATCH, OTHER, OTHER},
	{EXC_MACHINE_CHECK, OTHER, OTHER},
	{EXC_CACHE_ERROR, OTHER, OTHER},
};

static void is(u32 code, u32 status, u32 cause)
{
	struct trap_frame frame = frame_of(code, status);
	bool user = status & ST_USER;
	struct fault fault = trap_fault(&frame);
	enum trap_kind kind = cause < ERROR		    ? TRAP_PAGE_FAULT
			      : cause == ERROR		    ? TRAP_USER_ERROR
			      : code == EXC_SYSCALL && user ? TRAP_USER_CALL
							    : TRAP_OTHER;

	CHECK(trap_kind(&frame) == kind && trap_from_user(&frame) == user &&
		      trap_pc(&frame) == EPC &&
		      (cause >= ERROR || (fault.cause == cause && fault.address == BAD)),
	      "exception %u, %s mode: %s", code, user ? "user" : "kernel",
	      kind == TRAP_PAGE_FAULT	? "a page fault, and its cause"
	      : kind == TRAP_USER_CALL	? "the user's call"
	      : kind == TRAP_USER_ERROR ? "an error of the user's program"
					: "something else");
}

/* Only at these two accesses is a bus error a fault, with the address in $a0. */
static void test_bus(void)
{
	struct trap_frame load = frame_of(EXC_BUS_DATA, 0), store = load, other = load;
	struct fault fault;

	load.epc = (u32)(vaddr_t)try_load_access;
	store.epc = (u32)(vaddr_t)try_store_access;
	fault = trap_fault(&load);
	CHECK(trap_kind(&load) == TRAP_PAGE_FAULT && fault.address == 0x1004 &&
		      fault.cause == (P | R),
	      "a bus error of try_load(): no such physical address");
	CHECK(trap_fixup(&load, &fault) && load.epc == (u32)(vaddr_t)try_failed &&
		      load.reg[2] == 0x1004 && load.reg[3] == (P | R) && load.reg[4] == 0x1004,
	      "try_load() fails, and gets the fault in $v0 and $v1");
	fault = trap_fault(&store);
	CHECK(trap_kind(&store) == TRAP_PAGE_FAULT && fault.address == 0x1004 &&
		      fault.cause == (P | R | W),
	      "a bus error of try_store()");
	CHECK(trap_fixup(&store, &fault) && store.epc == (u32)(vaddr_t)try_failed &&
		      store.reg[3] == (P | R | W),
	      "try_store() fails");
	CHECK(!trap_fixup(&other, &fault) && other.epc == EPC && other.reg[2] == 0x1002,
	      "nobody else's access is mended");
}

/* --- interrupts --- */

/* Takes these interrupts with this Status, and returns the frame at the end. */
static struct trap_frame interrupted(const char *what, u32 lines, u32 status, const char *did)
{
	struct trap_frame frame = frame_of(EXC_INTERRUPT, status);

	frame.cause |= lines;
	/* entry.S hands over at kernel level, with its interrupts off. */
	host_cp0[12][0] = status & ~(STATUS_IE | STATUS_IM_IRQS);
	mips_trap(&frame);
	CHECK(host_did(did), "%s", what);
	return frame;
}

static void test_interrupts(void)
{
	struct trap_frame frame;

	host_reset(1);
	frame = interrupted("a shootdown's", LINE(0), ON, "mtc0 12.0=2001 ack0 shootdown");
	CHECK(frame.status == ON && frame.epc == EPC, "it returns to where it was");
	interrupted("a call's", LINE(1), ON, "mtc0 12.0=2001 ack1 call");
	interrupted("a wake-up's", LINE(2), ON, "mtc0 12.0=2001 ack2 wake");
	interrupted("all of these", LINE(0) | LINE(1) | LINE(2), ON,
		    "mtc0 12.0=2001 ack0 shootdown ack1 call ack2 wake");
	asked = true;
	interrupted("a nowait shootdown's, before all others", LINE(0) | LINE(3), ON,
		    "ack3 stop? 80123450 nowait mtc0 12.0=2001 ack0 shootdown");
	interrupted("masked ones wait", LINE(0) | LINE(1) | LINE(2) | LINE(3),
		    STATUS_IE | STATUS_IM_NOWAIT, "ack3 stop? 80123450 nowait mtc0 12.0=2001");
	interrupted("a call's in user mode: then on the way back there", LINE(1), ON | ST_USER,
		    "mtc0 12.0=2011 ack1 call exit to user mode 0");
	interrupted("none that is not masked", LINE(0), STATUS_IE | STATUS_IM_NOWAIT,
		    "spurious mtc0 12.0=2001");
	frame = interrupted("lines that nobody has", BIT(8) | BIT(15),
			    ON | BIT(8) | BIT(9) | BIT(15),
			    "stray 81 mtc0 12.0=2200 mtc0 12.0=2201");
	CHECK(frame.status == (ON | BIT(9)), "they are masked where it returns to");
	interrupted("one of ours, and one of nobody's", LINE(1) | BIT(8), ON | BIT(8),
		    "mtc0 12.0=2101 ack1 call");
	asked = false;
	frame = frame_of(EXC_INTERRUPT, ON);
	frame.cause |= LINE(3);
	CHECK(DIES(mips_trap(&frame)) &&
		      host_said("a nowait shootdown's interrupt, and nothing was asked"),
	      "a nowait shootdown that nobody asked for");
	host_forget();
}

static u32 resumes(u32 epc)
{
	struct trap_frame frame = frame_of(EXC_INTERRUPT, ON);

	frame.cause |= LINE(2);
	frame.epc = epc;
	mips_trap(&frame);
	host_forget();
	return frame.epc;
}

static void test_idle(void)
{
	u32 start = (u32)(vaddr_t)mips_idle_start, end = (u32)(vaddr_t)mips_idle_end;

	CHECK(resumes(start) == end && resumes(start + 4) == end,
	      "before a WAIT: goes on behind it");
	CHECK(resumes(start - 4) == start - 4 && resumes(end) == end && resumes(end + 4) == end + 4,
	      "elsewhere: goes on where it was");
}

static void napped(const char *what, u32 lines, u32 status, bool timed_out, u32 left,
		   const char *did)
{
	struct trap_frame frame;

	mips_this_cpu()->nap_timed_out = !timed_out;
	frame = interrupted(what, lines, status, did);
	CHECK(mips_this_cpu()->nap_timed_out == timed_out && frame.status == left,
	      "%s: %s, and the timer is off again", what, timed_out ? "timed out" : "woken");
}

static void test_naps(void)
{
	const u32 napping = ON | STATUS_IM_TIMER;

	napped("a nap that the timer ends", BIT(14), napping, true, ON, "mtc0 12.0=2000");
	napped("one that a wake-up ends", LINE(2), napping, false, ON,
	       "mtc0 12.0=2000 mtc0 12.0=2001 ack2 wake");
	napped("both at once", LINE(2) | BIT(14), napping, false, ON,
	       "mtc0 12.0=2000 mtc0 12.0=2001 ack2 wake");
	napped("neither", BIT(15), napping, false, ON, "mtc0 12.0=2000 spurious mtc0 12.0=2001");
	mips_this_cpu()->nap_timed_out = true;
	interrupted("no nap", LINE(2) | BIT(14), ON, "mtc0 12.0=2001 ack2 wake");
	CHECK(mips_this_cpu()->nap_timed_out, "what a nap came to is not touched");
}

/* --- exceptions --- */

static struct trap_frame excepted(const char *what, u32 code, u32 status, const char *did)
{
	struct trap_frame frame = frame_of(code, status);

	host_cp0[12][0] = status & ~(STATUS_IE | STATUS_IM_IRQS);
	mips_trap(&frame);
	CHECK(host_did(did), "%s", what);
	return frame;
}

static void test_exceptions(void)
{
	struct trap_frame frame;

	filled = FILL_AGAIN;
	excepted("a miss that is filled", EXC_TLB_LOAD, ON, "fill 40200004 load mtc0 12.0=2000");
	excepted("a store's", EXC_TLB_STORE, ON, "fill 40200004 store mtc0 12.0=2000");
	excepted("a store that was not let through", EXC_MODIFIED, ON,
		 "fill 40200004 store mtc0 12.0=2000");
	GUARD_OFF(refill_irqs_off);
	excepted("guard refill_irqs_off: the interrupted code's interrupts stay on", EXC_TLB_LOAD,
		 ON, "mtc0 12.0=3c01 fill 40200004 load mtc0 12.0=2000");
	excepted("if they were", EXC_TLB_LOAD, STATUS_IM_NOWAIT | STATUS_IE,
		 "mtc0 12.0=2001 fill 40200004 load mtc0 12.0=2000");
	guard_off[GUARD_refill_irqs_off] = 0;
	filled = FILL_ABSENT;
	excepted("a user's", EXC_TLB_LOAD, ON | ST_USER,
		 "fill 40200004 load mtc0 12.0=2010 mtc0 12.0=2011 trap 2 exit to user mode 2");
	frame = excepted("one that the kernel has to see", EXC_TLB_STORE, ON,
			 "fill 40200004 store mtc0 12.0=2000 mtc0 12.0=2001 trap 3");
	CHECK(code_of(&frame) == EXC_TLB_STORE, "absent: it stays what it was");
	filled = FILL_DENIED;
	frame = excepted("a store at a page to read", EXC_TLB_STORE, ON,
			 "fill 40200004 store mtc0 12.0=2000 mtc0 12.0=2001 trap 1");
	CHECK(frame.cause == (0x80000080 | EXC_MODIFIED << 2), "denied: as if the TLB had said so");
	filled = FILL_AGAIN;
	excepted("a fetch of what must not run is not filled, and its translation goes",
		 EXC_NO_EXEC, ON, "flush 40200000 mtc0 12.0=2001 trap 20");
	excepted("nor an inhibited read", EXC_NO_READ, ON, "flush 40200000 mtc0 12.0=2001 trap 19");
	excepted("with all interrupts off they stay off", EXC_NO_READ, STATUS_IM_NOWAIT,
		 "flush 40200000 trap 19");
	excepted("a breakpoint", 9, ON, "mtc0 12.0=2001 trap 9");
	survives = true;
	excepted("a machine check that was expected", EXC_MACHINE_CHECK, ON, "machine check");
	survives = false;
	excepted("one that was not", EXC_MACHINE_CHECK, ON, "machine check mtc0 12.0=2001 trap 24");
}

/* --- user mode --- */

static void test_user(void)
{
	struct mips_cpu *c = mips_this_cpu();
	struct trap_frame frame = frame_of(EXC_SYSCALL, ON | ST_USER);
	struct fault fault = {0x77, P}, got = {1, 1};
	u32 value = 9;

	c->user_end = (struct user_end){.value = 33};
	CHECK(user_run(1, 2, 3, 4, &value, &got) && value == 33 && got.address == 1 &&
		      !c->user_context && host_did("enter 1 2 3 4"),
	      "user_run(): in, and what the call left");
	c->user_end = (struct user_end){.faulted = true, .fault = fault};
	CHECK(!user_run(1, 2, 3, 4, &value, &got) && value == 33 && got.address == 0x77 &&
		      got.cause == P && host_did("enter 1 2 3 4"),
	      "or its fault");
	c->user_context = 1;
	CHECK(DIES(user_leave_call(&frame)) && host_did("resume") && !c->user_end.faulted &&
		      c->user_end.value == 0x1002,
	      "a call's value is in $v0");
	CHECK(DIES(user_leave_fault(&fault)) && host_did("resume") && c->user_end.faulted &&
		      c->user_end.fault.address == 0x77 && c->user_end.fault.cause == P,
	      "a fault's end");
	c->user_context = 0;
	CHECK(DIES(user_leave_call(&frame)) && host_did("") && DIES(user_leave_fault(&fault)) &&
		      host_did(""),
	      "nobody ran a user's program");
	CHECK(user_program_expected(0x600df00d) == 0 && user_program_expected(1) == 0x600df00c,
	      "what user_program returns");
}

int main(void)
{
	host_reset(1);
	for (unsigned i = 0; i < ARRAY_SIZE(faults); i++) {
		is(faults[i].code, ON, faults[i].kernel);
		is(faults[i].code, ON | ST_USER, faults[i].user);
	}
	test_bus();
	test_interrupts();
	test_idle();
	test_naps();
	test_exceptions();
	test_user();
	return tap_done();
}
