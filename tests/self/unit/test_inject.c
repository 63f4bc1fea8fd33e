/* SPDX-License-Identifier: MIT */
/* Tests the faults planted by fault.* in kernel/hooks/inject.c, by CPU, and their later report. */
#include "kernel/hooks/inject.h"

#include <string.h>

#include "kernel/cmdline.h"
#include "kernel/hooks/upcalls.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

static void parse(const char *text)
{
	static char line[64];

	machine_reset();
	printed_reset();
	inject_trap_name = NULL;
	inject_noack_cpu = inject_freeze_cpu = inject_silent_cpu = inject_late_cpu = MAX_CPUS;
	inject_oom_number = 0;
	cmdline_parse(strcpy(line, text));
}

static bool refused(const char *text)
{
	return PANICS(parse(text)) && panic_says("bad value in option") && panic_says(text);
}

static void of_a_cpu(const char *name, u32 *cpu, bool of_cpu_0)
{
	char text[64];

	snprintf(text, sizeof(text), "fault.%s=31", name);
	parse(text);
	CHECK(*cpu == 31 &&
		      inject_noack_cpu + inject_freeze_cpu + inject_silent_cpu + inject_late_cpu ==
			      31 + 3 * MAX_CPUS,
	      "%s: that one, and no other", text);
	snprintf(text, sizeof(text), "fault.%s=1", name);
	parse(text);
	CHECK(*cpu == 1, "%s", text);
	snprintf(text, sizeof(text), "fault.%s=32", name);
	CHECK(refused(text), "%s: there is no such CPU", text);
	snprintf(text, sizeof(text), "fault.%s=0", name);
	CHECK(refused(text) != of_cpu_0, "%s is %s", text, of_cpu_0 ? "taken" : "refused");
	snprintf(text, sizeof(text), "fault.%s=x", name);
	CHECK(refused(text), "%s is refused", text);
	parse("");
	*cpu = 2;
	inject_refuse_missing_cpus(3);
	CHECK(PANICS(inject_refuse_missing_cpus(2)), "a CPU that the machine has not");
	snprintf(text, sizeof(text), "fault.%s=2: there are 2 CPUs, numbered from 0", name);
	CHECK(panic_says(text), "%s", text);
}

static void test_cpus(void)
{
	of_a_cpu("noack", &inject_noack_cpu, true);
	of_a_cpu("freeze", &inject_freeze_cpu, false);
	of_a_cpu("silent", &inject_silent_cpu, false);
	of_a_cpu("late", &inject_late_cpu, false);
	parse("");
	inject_refuse_missing_cpus(1);
	CHECK(inject_noack(MAX_CPUS) && !inject_noack(0), "without the word no CPU is meant");
	inject_noack_cpu = 3;
	CHECK(inject_noack(3) && !inject_noack(2), "with it that one is");
}

static void test_trap(void)
{
	parse("fault.trap=ud");
	CHECK(!strcmp(inject_trap_name, "ud"), "the trap's name is kept");
	CHECK(refused("fault.trap=") && refused("fault.trap"), "it needs one");
	CHECK(refused("fault.tra=ud") && refused("fault.=ud"), "other words are refused");
	CHECK(panic_says("valid is fault.trap=<name>|noack=<cpu 0..31>|freeze=<cpu 1..31>|"
			 "silent=<cpu 1..31>|late=<cpu 1..31>|oom=<number from 1>|"
			 "skew=<seconds>"),
	      "with the list");
}

static void test_skew(void)
{
	parse("fault.skew=3");
	CHECK(clock_ahead_ns(1) == 3000000000ull && clock_ahead_ns(3) == 3000000000ull,
	      "clocks of odd CPUs are ahead");
	CHECK(!clock_ahead_ns(0) && !clock_ahead_ns(2), "those of the others are not");
	CHECK(refused("fault.skew=0") && refused("fault.skew=x"), "by a number");
}

/* Counts allocations from the first on, so it comes once. */
static void test_oom(void)
{
	CHECK(refused("fault.oom=0") && refused("fault.oom=x"), "numbers begin at 1");
	parse("");
	CHECK(!inject_oom(0x1234), "without the word none fails");
	parse("fault.oom=2");
	CHECK(!strcmp(inject_not_happened() ?: "",
		      "fault.oom= did not happen: too few frames were asked for"),
	      "it has not happened");
	CHECK(!inject_oom(0x1234), "the first one succeeds");
	CHECK(inject_not_happened(), "which is too few");
	model_switch_cpu(1);
	CHECK(inject_oom(0xabcd), "the second one fails");
	PRINTED("# ev=oom n=2 cpu=1 pc=0xabcd\n", "and says where");
	CHECK(!inject_not_happened(), "so it has happened");
	CHECK(!inject_oom(0x1234), "the third one succeeds");
	PRINTED("", "in silence");
}

static void test_oom_of_a_scenario(void)
{
	parse("");
	inject_oom_after(2);
	CHECK(!inject_oom(0x1234) && inject_oom(0x1234), "a scenario lets the second one fail");
	CHECK(!inject_oom(0x1234) && !inject_oom(0x1234) && inject_oom_end(), "once");
	PRINTED("", "in silence");
	inject_oom_after(2);
	CHECK(!inject_oom(0x1234) && !inject_oom_end(), "it can end before");
	CHECK(!inject_oom(0x1234), "and is over then");
	parse("fault.oom=4"); /* behind the three of test_oom() */
	inject_oom_after(1);
	CHECK(inject_oom(0x1234), "a frame that it made fail");
	CHECK(inject_oom_end() && inject_oom(0x1234), "is none that fault.oom= counts");
	PRINTED("# ev=oom n=4 cpu=0 pc=0x1234\n", "which fails later");
}

static jmp_buf left;
static unsigned pauses;

static void leave(void)
{
	if (++pauses == 3)
		longjmp(left, 1);
}

static void test_freeze(void)
{
	parse("fault.freeze=1");
	CHECK(!strcmp(inject_not_happened() ?: "",
		      "fault.freeze= did not happen: the CPU was asked for nothing"),
	      "a CPU that was asked for nothing does not freeze");
	model_relax_hook = leave;
	pauses = 0;
	if (!setjmp(left)) {
		inject_freeze(0);
		inject_freeze(2);
		CHECK(!pauses, "other CPUs go on");
		inject_freeze(1);
		CHECK(false, "a frozen CPU came back");
	}
	CHECK(pauses == 3 && !inject_not_happened(), "it does nothing any more");
}

static void test_late(void)
{
	parse("fault.late=2");
	for (u32 start = CPU_AWAITED; start <= CPU_LATE; start++) {
		const char *missing;

		cpus[2].start = start;
		cpus[1].start = CPU_LATE;
		missing = inject_not_happened();
		CHECK(start == CPU_LATE
			      ? !missing
			      : missing && !strcmp(missing, "fault.late= did not happen: the CPU was not started, or was in time"),
		      "start %u", start);
	}
}

int main(void)
{
	test_cpus();
	test_trap();
	test_skew();
	test_oom();
	test_oom_of_a_scenario();
	test_freeze();
	test_late();
	return tap_done();
}
