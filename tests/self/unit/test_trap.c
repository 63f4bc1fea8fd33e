/* SPDX-License-Identifier: MIT */
/* Tests the receiver of each trap in kernel/trap.c, with interrupts on or off. */
#include <asm/irq.h>
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/panic.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

struct trap_frame {
	enum trap_kind kind;
	bool user, fixed, mapped;
};

#define mm_fault map_page
bool map_page(struct fault *fault);

#include "kernel/trap.c"

static jmp_buf left;

/* Each of them says its name. The rest of the line is the same. */
static void say(const char *what)
{
	printk("<%s, interrupts %s>\n", what, irqs_enabled() ? "on" : "off");
}

enum trap_kind trap_kind(const struct trap_frame *frame)
{
	return frame->kind;
}

bool trap_from_user(const struct trap_frame *frame)
{
	return frame->user;
}

vaddr_t trap_pc(const struct trap_frame *frame)
{
	(void)frame;
	return 0x4711;
}

/* Keeps the frame, because map_page() answers by it. */
struct fault trap_fault(const struct trap_frame *frame)
{
	return (struct fault){(vaddr_t)frame, FAULT_WRITE};
}

bool trap_fixup(struct trap_frame *frame, const struct fault *fault)
{
	say(fault->address == (vaddr_t)frame ? "fixup" : "fixup of another fault");
	return frame->fixed;
}

bool map_page(struct fault *fault)
{
	say("map");
	return ((const struct trap_frame *)fault->address)->mapped;
}

void user_leave_fault(const struct fault *fault)
{
	say(fault->cause == FAULT_WRITE ? "user left by its fault"
	    : fault->cause == (FAULT_USER | FAULT_ILLEGAL) && fault->address == 0x4711
		    ? "user left by its error"
		    : "user left by another fault");
	longjmp(left, 1);
}

void user_leave_call(const struct trap_frame *frame)
{
	say(frame->user ? "user left by its call" : "user left by a call of ours");
	longjmp(left, 1);
}

void panic_trap(const struct trap_frame *frame, const char *why)
{
	(void)frame;
	say(why);
	longjmp(left, 1);
}

#define TRAP(text, ...)                                                                            \
	do {                                                                                       \
		struct trap_frame frame_ = {__VA_ARGS__};                                          \
                                                                                                   \
		machine_reset();                                                                   \
		printed_reset();                                                                   \
		irq_disable();                                                                     \
		if (!setjmp(left)) {                                                               \
			trap(&frame_);                                                             \
			say("resumed");                                                            \
		}                                                                                  \
		PRINTED(text, "%s", #__VA_ARGS__);                                                 \
	} while (0)

/* By which of the two, and what is left of the marks. */
static void leaves(bool spins, bool stop, const char *text)
{
	struct trap_frame frame = {.user = true};

	machine_reset();
	printed_reset();
	irq_disable();
	cpus[0].user_spins = spins;
	cpus[0].user_stop = stop;
	if (!setjmp(left)) {
		exit_to_user_mode(&frame);
		say("resumed");
	}
	PRINTED(text, "spins %u, stop %u", spins, stop);
	CHECK(cpus[0].user_spins == (spins && !stop) && cpus[0].user_stop == stop,
	      "that it spun is taken back, the stop stays");
}

static void test_spurious(void)
{
	machine_reset();
	AS_CPU(2, interrupt_spurious());
	AS_CPU(2, interrupt_spurious());
	CHECK(cpus[2].spurious == 2 && !cpus[0].spurious && !cpus[1].spurious,
	      "an interrupt for nothing is counted where it came");
}

int main(void)
{
	TRAP("<map, interrupts on>\n<resumed, interrupts off>\n", .kind = TRAP_PAGE_FAULT,
	     .user = true, .mapped = true);
	TRAP("<map, interrupts on>\n<user left by its fault, interrupts on>\n",
	     .kind = TRAP_PAGE_FAULT, .user = true);
	TRAP("<fixup, interrupts off>\n<resumed, interrupts off>\n", .kind = TRAP_PAGE_FAULT,
	     .fixed = true, .mapped = true);
	TRAP("<fixup, interrupts off>\n<unexpected fault in the kernel, interrupts off>\n",
	     .kind = TRAP_PAGE_FAULT, .mapped = true);
	TRAP("<user left by its call, interrupts off>\n", .kind = TRAP_USER_CALL, .user = true);
	TRAP("<unexpected trap, interrupts off>\n", .kind = TRAP_USER_CALL);
	TRAP("<user left by its error, interrupts off>\n", .kind = TRAP_USER_ERROR, .user = true);
	TRAP("<unexpected trap, interrupts off>\n", .kind = TRAP_USER_ERROR);
	leaves(false, false, "<resumed, interrupts off>\n");
	leaves(true, false, "<resumed, interrupts off>\n");
	leaves(false, true, "<resumed, interrupts off>\n");
	leaves(true, true, "<user left by its call, interrupts off>\n");
	TRAP("<unexpected trap, interrupts off>\n", .kind = TRAP_OTHER, .user = true);
	TRAP("<unexpected trap, interrupts off>\n", .kind = TRAP_OTHER);
	test_spurious();
	return tap_done();
}
