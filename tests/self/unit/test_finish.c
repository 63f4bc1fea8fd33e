/* SPDX-License-Identifier: MIT */
/* kernel/finish.c: the last lines of a run, whole, and how it ends, by its tally. */
#include "kernel/finish.h"

#include <asm/clock.h>
#include <asm/exit.h>
#include <asm/smp.h>
#include <asm/stack.h>

#include "kernel/hooks/inject.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/stray.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

#define stack_intact	    is_intact
#define smp_report_unlisted report_unlisted
static bool is_intact(unsigned cpu);
static void report_unlisted(void);

#include "kernel/finish.c"

static jmp_buf left;
static u32 overrun;

static bool is_intact(unsigned cpu)
{
	return !(overrun & BIT(cpu));
}

static void report_unlisted(void)
{
	printk("<unlisted>\n");
}

void machine_exit(unsigned status)
{
	printk("<exit %u>\n", status);
	longjmp(left, 1);
}

static void begin(struct tally counts)
{
	machine_reset();
	printed_reset();
	model_clock_step = 1999999999999ull; /* ns */
	tally = counts;
	overrun = 0;
	inject_freeze_cpu = MAX_CPUS;
}

static void finish_here(void)
{
	if (!setjmp(left))
		finish();
}

static void test_lines(void)
{
	begin((struct tally){.passed = 3, .failed = 4, .skipped = 5, .known = 6});
	cpus[1].start = CPU_STARTED;
	cpus[2].start = CPU_LEFT_OUT;
	cpus[0].start = cpus[3].start = cpus[MODEL_CPUS].start = CPU_LATE;
	cpus[0].spurious = 2;
	cpus[3].spurious = cpus[MODEL_CPUS].spurious = 1; /* there is no such CPU */
	AS_CPU(1, interrupt_unexpected(0x0f));
	if (!setjmp(left))
		finish_as(RUN_NOT_RUN);
	PRINTED("<unlisted>\n"
		"# ev=warning what=\"CPU 0 came up after it had been left out as silent: parked\"\n"
		"# ev=warning what=\"CPU 3 came up after it had been left out as silent: parked\"\n"
		"# ev=spurious cpu=0 interrupts=2\n"
		"# ev=spurious cpu=3 interrupts=1\n"
		"# ev=warning what=\"stray interrupt: vector 0x0f on CPU 1\" cpu=1 vector=0x0f "
		"times=1\n"
		"# ev=done status=not_run passed=3 failed=4 skipped=5 known=6 seconds=1999.999\n"
		"<exit 5>\n",
		"all that is told at the end, and the counts");
}

static void ends(struct tally counts, bool strays, const char *as)
{
	char expected[200];

	begin(counts);
	if (strays)
		cpus[2].strays.count = STRAY_MAX + 1;
	finish_here();
	snprintf(expected, sizeof(expected),
		 "# ev=done status=%s passed=%u failed=%u skipped=%u known=%u seconds=1999.999\n",
		 as, counts.passed, counts.failed, counts.skipped, counts.known);
	CHECK(strstr(model_console, expected), "%s: %u passed, %u failed, %u known%s%s", as,
	      counts.passed, counts.failed, counts.known, counts.incomplete ? ", incomplete" : "",
	      strays ? ", strays" : "");
}

static void test_ends(void)
{
	ends((struct tally){.passed = 1}, false, "pass");
	ends((struct tally){.known = 1, .skipped = 2}, false, "pass");
	ends((struct tally){.skipped = 9}, false, "nothing_shown");
	ends((struct tally){0}, false, "nothing_shown");
	ends((struct tally){.passed = 1, .incomplete = true}, false, "incomplete");
	ends((struct tally){.incomplete = true}, false, "incomplete");
	ends((struct tally){.passed = 1}, true, "incomplete");
	ends((struct tally){.passed = 7, .failed = 1}, false, "fail");
	ends((struct tally){.failed = 1, .incomplete = true}, true, "fail");
	begin((struct tally){0});
	if (!setjmp(left))
		finish_as(RUN_CANNOT_START);
	PRINTED("<unlisted>\n"
		"# ev=done status=cannot_start passed=0 failed=0 skipped=0 known=0 seconds=1999.999\n"
		"<exit 7>\n",
		"a machine that cannot start");
}

static void test_what_nobody_may_believe(void)
{
	begin((struct tally){.passed = 1});
	overrun = BIT(0);
	CHECK(PANICS(finish_here()) &&
		      panic_says("at the end of the run: a stack's canary was overwritten"),
	      "a pass over a broken stack is none");
	begin((struct tally){.passed = 1});
	inject_freeze_cpu = 1;
	CHECK(PANICS(finish_here()) && panic_says("at the end of the run: fault.freeze= did not happen: the CPU was asked for nothing"),
	      "nor is one in which a planted fault did not happen");
	inject_freeze_cpu = MAX_CPUS;
	begin((struct tally){.passed = 1});
	overrun = BIT(MODEL_CPUS);
	CHECK(!PANICS(finish_here()), "without these it is one");
}

int main(void)
{
	test_lines();
	test_ends();
	test_what_nobody_may_believe();
	return tap_done();
}
