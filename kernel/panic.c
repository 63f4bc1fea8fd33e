/* SPDX-License-Identifier: MIT */
/* Stops all CPUs, prints the screen of a dying machine, and leaves it. */
#include "kernel/hooks/inject.h"
#include "kernel/panic.h"

#include <asm/atomic.h>
#include <asm/exit.h>
#include <asm/irq.h>
#include <asm/smp.h>
#include <asm/stack.h>
#include <asm/trap.h>

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/wait/watchdog.h"

#define NOBODY 0
static u32 dying = NOBODY; /* CPU + 1 */
static u32 depth;	   /* of panics on that CPU */
static bool screen_breaks;
static const char *context = "boot";

bool panic_running(unsigned cpu)
{
	return READ_ONCE(dying) == cpu + 1;
}

void panic_break_screen(void)
{
	screen_breaks = true;
}

void panic_context(const char *running)
{
	WRITE_ONCE(context, running);
}

/* Gives the console to the first CPU in a panic and stops the others. If the screen itself breaks,
 * the same CPU panics again and prints only its reason. A third panic leaves at once. */
static void claim(void)
{
	u32 owner = atomic_cmpxchg(&dying, NOBODY, cpu_id() + 1);

	if (owner != NOBODY && owner != cpu_id() + 1)
		cpu_stop();
	if (++depth > 2)
		machine_exit(RUN_FAIL);
}

static void print_backtrace(const struct trap_frame *frame)
{
	vaddr_t pc[16];
	unsigned n = backtrace(frame, pc, ARRAY_SIZE(pc));

	for (unsigned i = 0; i < n; i++)
		printk("# ev=frame n=%u cpu=%u pc=0x%lx\n", i, cpu_id(), pc[i]);
}

static void print_stacks(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (!stack_intact(cpu))
			printk("# ev=stack cpu=%u state=overrun\n", cpu);
}

/* Prints where the other CPUs were, and nothing for a sleeping CPU. */
static void print_stopped(void)
{
	vaddr_t pc;

	for (unsigned cpu = 0; cpu < smp_count(); cpu++) {
		if (cpu == cpu_id())
			continue;
		if (!smp_stopped(cpu, &pc))
			printk("# ev=stopped cpu=%u state=silent\n", cpu);
		else if (pc)
			printk("# ev=stopped cpu=%u pc=0x%lx\n", cpu, pc);
	}
}

static _Noreturn void bail_out(const char *reason)
{
	printk("Bail out! %s (CPU %u, %s, seed 0x%x)\n", reason, cpu_id(), READ_ONCE(context),
	       run_seed);
	finish_as(RUN_FAIL);
}

/* Ends a panic after a fault inside its screen. Uses nothing of the screen again except
 * printk(). */
static _Noreturn void die_nested(const struct trap_frame *frame, const char *reason)
{
	if (frame)
		printk("# ev=frame n=0 cpu=%u pc=0x%lx\n", cpu_id(), trap_pc(frame));
	printk("# ev=nested cpu=%u reason=\"%s\"\n", cpu_id(), reason);
	bail_out("the screen of a panic broke");
}

static _Noreturn void die(const struct trap_frame *frame, const char *reason)
{
	if (depth > 1)
		die_nested(frame, reason);
	smp_stop_others();
	printk("# ev=panic cpu=%u running=\"%s\" seed=0x%x reason=\"%s\"\n", cpu_id(),
	       READ_ONCE(context), run_seed, reason);
	if (screen_breaks)
		trap_raise("ud");
	if (frame)
		trap_print(frame);
	print_backtrace(frame);
	print_stopped();
	wait_print_all();
	print_stacks();
	bail_out(reason);
}

_Noreturn void panic(const char *format, ...)
{
	char reason[256];
	va_list args;

	irq_disable();
	claim();
	va_start(args, format);
	vsnprintk(reason, sizeof(reason), format, args);
	va_end(args);
	die(NULL, reason);
}

static _Noreturn void decline(enum run_end end, const char *format, va_list args)
{
	char reason[256];

	irq_disable();
	claim();
	vsnprintk(reason, sizeof(reason), format, args);
	printk("Bail out! %s\n", reason);
	finish_as(end);
}

_Noreturn void refuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	decline(RUN_NOT_RUN, format, args);
}

_Noreturn void refuse_machine(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	decline(RUN_CANNOT_START, format, args);
}

_Noreturn void panic_trap(const struct trap_frame *frame, const char *why)
{
	char reason[256];

	irq_disable();
	claim();
	snprintk(reason, sizeof(reason), "%s: %s", why, trap_name(frame));
	die(frame, reason);
}
