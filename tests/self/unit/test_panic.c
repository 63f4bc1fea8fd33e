/* SPDX-License-Identifier: MIT */
/* kernel/panic.c and kernel/hooks/raise.c: a screen line by line, in the order in which it is
 * printed and CPUs are stopped, and which CPU may print one. */
#include "kernel/panic.h"

#include <asm/exit.h>
#include <asm/irq.h>
#include <asm/smp.h>
#include <asm/stack.h>
#include <asm/trap.h>

#include "arch/asm-generic/smp.h"
#include "kernel/finish.h"
#include "kernel/hooks/inject.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

struct trap_frame {
	vaddr_t pc;
};

/* tests/self/unit/machine.c has these of its own. */
#define panic	       kernel_panic
#define refuse	       kernel_refuse
#define refuse_machine kernel_refuse_machine
#define panic_running  kernel_panic_running
#define stack_intact   is_intact
_Noreturn void panic(const char *format, ...) __printf(1, 2);
_Noreturn void refuse(const char *format, ...) __printf(1, 2);
_Noreturn void refuse_machine(const char *format, ...) __printf(1, 2);
bool panic_running(unsigned cpu);
static bool is_intact(unsigned cpu);

#include "kernel/hooks/raise.c"
#include "kernel/panic.c"

u32 run_seed = 0x5eed;
static jmp_buf left;
static u32 overrun, named;
static void (*while_stopping)(void);

#define LEAVES(statement)                                                                          \
	do {                                                                                       \
		if (!setjmp(left)) {                                                               \
			statement;                                                                 \
		}                                                                                  \
	} while (0)

static bool is_intact(unsigned cpu)
{
	return !(overrun & BIT(cpu));
}

void machine_exit(unsigned status)
{
	printk("<exit %u, interrupts %s>\n", status, irqs_enabled() ? "on" : "off");
	longjmp(left, 1);
}

void finish_as(enum run_end end)
{
	printk("<ends as %u, interrupts %s>\n", end, irqs_enabled() ? "on" : "off");
	longjmp(left, 1);
}

void cpu_stop(void)
{
	printk("<CPU %u stops, interrupts %s>\n", cpu_id(), irqs_enabled() ? "on" : "off");
	longjmp(left, 1);
}

void smp_stop_others(void)
{
	printk("<others are stopped>\n");
	if (while_stopping)
		while_stopping();
}

/* CPU 2 slept, CPU 3 does not answer. */
bool smp_stopped(unsigned cpu, vaddr_t *pc)
{
	*pc = cpu == 2 ? 0 : 0x1000 + cpu;
	return cpu != 3;
}

unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n)
{
	printk("<at most %u>\n", n);
	pc[0] = frame ? frame->pc : 0x10;
	pc[1] = 0xabc;
	return 2;
}

const char *trap_name(const struct trap_frame *frame)
{
	named++;
	return frame->pc == 0xbad ? "#UD" : "#PF";
}

vaddr_t trap_pc(const struct trap_frame *frame)
{
	return frame->pc;
}

void trap_print(const struct trap_frame *frame)
{
	printk("<registers at 0x%lx>\n", frame->pc);
}

static void raise_ud(void)
{
	static const struct trap_frame frame = {.pc = 0xbad};

	panic_trap(&frame, "unexpected trap");
}

static void raise_pf(void)
{
	printk("<pf>\n");
}

const struct planted_trap planted_traps[] = {{"pf", raise_pf}, {"ud", raise_ud}, {NULL, NULL}};

static void begin(unsigned cpu)
{
	machine_reset();
	printed_reset();
	dying = depth = 0;
	screen_breaks = false;
	while_stopping = NULL;
	overrun = 0;
	panic_context("pte/x");
	model_switch_cpu(cpu);
}

static void test_screen(void)
{
	static const struct trap_frame frame = {.pc = 0x77};

	begin(1);
	CHECK(!panic_running(0) && !panic_running(1), "nobody dies at first");
	cpus[0].wait = (struct wait){
		.kind = WAIT_ACK, .whom = 2, .function = "f", .line = 7, .irqs_on = 1};
	overrun = BIT(0) | BIT(2) | BIT(MODEL_CPUS); /* there is no such CPU */
	LEAVES(panic("it broke: %d", 42));
	PRINTED("<others are stopped>\n"
		"# ev=panic cpu=1 running=\"pte/x\" seed=0x5eed reason=\"it broke: 42\"\n"
		"<at most 16>\n"
		"# ev=frame n=0 cpu=1 pc=0x10\n"
		"# ev=frame n=1 cpu=1 pc=0xabc\n"
		"# ev=stopped cpu=0 pc=0x1000\n"
		"# ev=stopped cpu=3 state=silent\n"
		"# ev=wait cpu=0 kind=shootdown-ack whom=0x2 at=f:7 irqs=on\n"
		"# ev=stack cpu=0 state=overrun\n"
		"# ev=stack cpu=2 state=overrun\n"
		"Bail out! it broke: 42 (CPU 1, pte/x, seed 0x5eed)\n"
		"<ends as 1, interrupts off>\n",
		"a screen");
	CHECK(panic_running(1) && !panic_running(0) && !panic_running(2), "CPU 1 is dying");

	begin(0);
	LEAVES(panic_trap(&frame, "unexpected fault in the kernel"));
	PRINTED("<others are stopped>\n"
		"# ev=panic cpu=0 running=\"pte/x\" seed=0x5eed reason=\"unexpected fault in the "
		"kernel: #PF\"\n"
		"<registers at 0x77>\n"
		"<at most 16>\n"
		"# ev=frame n=0 cpu=0 pc=0x77\n"
		"# ev=frame n=1 cpu=0 pc=0xabc\n"
		"# ev=stopped cpu=1 pc=0x1001\n"
		"# ev=stopped cpu=3 state=silent\n"
		"Bail out! unexpected fault in the kernel: #PF (CPU 0, pte/x, seed 0x5eed)\n"
		"<ends as 1, interrupts off>\n",
		"a screen of a trap has its registers");
	CHECK(panic_running(0) && !panic_running(1), "CPU 0 can die as well");
}

static void test_long_reason(void)
{
	char text[300], expected[400], *end;

	begin(0);
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = 0;
	sprintf(expected, "Bail out! %.255s (CPU 0, pte/x, seed 0x5eed)\n", text);
	LEAVES(panic("%s", text));
	end = strstr(model_console, "Bail out!");
	CHECK(end && !strncmp(end, expected, strlen(expected)), "a reason has 255 characters");
	begin(0);
	LEAVES(panic_trap(&(struct trap_frame){.pc = 0}, text));
	end = strstr(model_console, "Bail out!");
	CHECK(end && !strncmp(end, expected, strlen(expected)), "a trap's too");
}

static void test_second_cpu(void)
{
	begin(1);
	LEAVES(panic("first"));
	printed_reset();
	model_switch_cpu(2);
	irq_enable();
	LEAVES(panic("second"));
	PRINTED("<CPU 2 stops, interrupts off>\n", "a second CPU that panics stops in silence");
	CHECK(panic_running(1) && !panic_running(2), "the first one goes on");
	irq_enable();
	LEAVES(refuse("third"));
	PRINTED("<CPU 2 stops, interrupts off>\n", "and so does one that refuses something");
	irq_enable();
	named = 0;
	LEAVES(raise_ud());
	PRINTED("<CPU 2 stops, interrupts off>\n", "and one with a trap");
	CHECK(!named, "before it looks at that");
}

static void panic_again(void)
{
	while_stopping = NULL;
	panic("inside");
}

static void test_nested(void)
{
	begin(1);
	while_stopping = panic_again;
	LEAVES(panic("outside"));
	PRINTED("<others are stopped>\n"
		"# ev=nested cpu=1 reason=\"inside\"\n"
		"Bail out! the screen of a panic broke (CPU 1, pte/x, seed 0x5eed)\n"
		"<ends as 1, interrupts off>\n",
		"a panic inside a panic prints its reason");
	LEAVES(panic("once more"));
	PRINTED("<exit 1, interrupts off>\n", "one inside that leaves at once");

	begin(2);
	panic_break_screen();
	LEAVES(panic("this screen breaks"));
	PRINTED("<others are stopped>\n"
		"# ev=panic cpu=2 running=\"pte/x\" seed=0x5eed reason=\"this screen breaks\"\n"
		"# ev=frame n=0 cpu=2 pc=0xbad\n"
		"# ev=nested cpu=2 reason=\"unexpected trap: #UD\"\n"
		"Bail out! the screen of a panic broke (CPU 2, pte/x, seed 0x5eed)\n"
		"<ends as 1, interrupts off>\n",
		"a trap inside a panic is told by its place and its name");
}

static void test_refusals(void)
{
	char text[300], expected[320];

	begin(0);
	LEAVES(refuse("fault.%s=%u", "late", 9u));
	PRINTED("Bail out! fault.late=9\n<ends as 5, interrupts off>\n",
		"a refused word has no screen, and ends as not run");
	CHECK(panic_running(0), "its CPU has the console");
	begin(0);
	LEAVES(refuse_machine("no %s", "PAE"));
	PRINTED("Bail out! no PAE\n<ends as 7, interrupts off>\n",
		"a refused machine ends as cannot start");
	begin(0);
	memset(text, 'y', sizeof(text));
	text[sizeof(text) - 1] = 0;
	LEAVES(refuse("%s", text));
	sprintf(expected, "Bail out! %.255s\n<ends as 5, interrupts off>\n", text);
	PRINTED(expected, "a message has 255 characters");
	begin(1);
	while_stopping = panic_again;
	LEAVES(refuse("a word"));
	LEAVES(panic("later"));
	CHECK(strstr(model_console, "# ev=nested cpu=1 reason=\"later\"\n"),
	      "a panic after a refusal is one inside a panic");
}

static void test_raise(void)
{
	char names[16];

	begin(0);
	CHECK(trap_raise("pf"), "a trap is raised by its name");
	PRINTED("<pf>\n", "once");
	CHECK(!trap_raise("p") && !trap_raise("pff") && !trap_raise(""), "others are not there");
	PRINTED("", "and raise nothing");
	trap_raise_names(names, sizeof(names));
	CHECK(!strcmp(names, "pf, ud"), "the names: %s", names);
	memset(names, '#', sizeof(names));
	trap_raise_names(names, 5);
	CHECK(!strcmp(names, "pf, ") && names[5] == '#', "cut at the buffer's end: %s", names);
}

int main(void)
{
	test_screen();
	test_long_reason();
	test_second_cpu();
	test_nested();
	test_refusals();
	test_raise();
	return tap_done();
}
