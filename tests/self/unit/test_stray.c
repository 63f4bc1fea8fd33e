/* SPDX-License-Identifier: MIT */
/* Tests the counts of kernel/stray.c, and the moment from which a kind keeps coming. */
#include "kernel/stray.h"

#include "kernel/hooks/upcalls.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"
#include "tests/self/unit/steps.h"

static bool came(unsigned cpu, unsigned vector, unsigned times)
{
	bool more = false;

	if (cpu < MODEL_CPUS)
		AS_CPU(cpu, while (times--) more = interrupt_unexpected(vector));
	else
		cpus[cpu].strays.count = cpus[cpu].strays.times[0] = times;
	return more;
}

static void test_counts(void)
{
	const struct strays *mine = &cpus[1].strays;

	machine_reset();
	CHECK(!strays_keep_coming() && !cpus[0].strays.count, "none at first");
	came(1, 0x0f, 3);
	came(1, 0, 1);
	came(1, 0x0f, 1);
	CHECK(mine->vector[0] == 0x0f && mine->times[0] == 4, "a vector, as often as it came");
	CHECK(mine->vector[1] == 0 && mine->times[1] == 1, "vector 0 is one too");
	CHECK(mine->count == 5 && !cpus[0].strays.count && !cpus[2].strays.count,
	      "on the CPU that took it, and on no other");
	for (unsigned vector = 0x30; vector < 0x30 + STRAY_VECTORS; vector++)
		came(1, vector, 1);
	CHECK(mine->count == 5 + STRAY_VECTORS && mine->vector[STRAY_VECTORS - 1] == 0x31 &&
		      mine->times[0] == 4,
	      "vectors beyond the first %u are counted and not named", STRAY_VECTORS);
}

static void test_storm(void)
{
	machine_reset();
	CHECK(!came(2, 0x41, STRAY_MAX) && !strays_keep_coming(), "%u: the firmware's", STRAY_MAX);
	CHECK(!came(0, 0x41, 1), "another CPU's are not added");
	CHECK(came(2, 0x42, 1) && strays_keep_coming(), "one more: they keep coming");
}

#define STRAY(vector, cpu, times)                                                                  \
	"# ev=warning what=\"stray interrupt: vector " vector " on CPU " cpu "\" cpu=" cpu         \
	" vector=" vector " times=" times "\n"

/* Reports are kept from here on, so the CPUs are others than above. */
static void test_report(void)
{
	char expected[200];

	machine_reset();
	printed_reset();
	strays_report();
	PRINTED("", "nothing came, and nothing is told");
	came(0, 0x20, 2);
	came(3, 0x0f, 1);
	came(3, 0x30, 1);
	came(MODEL_CPUS, 0x31, 1); /* there is no such CPU */
	strays_report();
	PRINTED(STRAY("0x20", "0", "2") STRAY("0x0f", "3", "1") STRAY("0x30", "3", "1"),
		"a line for each vector of each CPU");
	strays_report();
	PRINTED("", "once");
	came(3, 0x30, 1);
	strays_report();
	PRINTED(STRAY("0x30", "3", "2"), "then only what came since");
	came(0, 0x20, STRAY_MAX - 2);
	strays_report();
	snprintf(expected, sizeof(expected), STRAY("0x20", "0", "%u"), STRAY_MAX);
	PRINTED(expected, "as many as a firmware may leave");
	came(0, 0x20, 1);
	strays_report();
	snprintf(expected, sizeof(expected),
		 STRAY("0x20", "0", "%u") "# ev=warning what=\"stray interrupts keep coming on CPU 0: the run is incomplete\" cpu=0 times=%u\n",
		 STRAY_MAX + 1, STRAY_MAX + 1);
	PRINTED(expected, "one more, and they keep coming");
	came(0, 0x20, 1);
	strays_report();
	snprintf(expected, sizeof(expected), STRAY("0x20", "0", "%u"), STRAY_MAX + 2);
	PRINTED(expected, "which is told once");
	CHECK(strays_keep_coming(), "of the first CPU as of any");
	machine_reset();
	cpus[MODEL_CPUS].strays.count = STRAY_MAX + 1;
	CHECK(!strays_keep_coming(), "and not of one that is not there");
}

/* Another CPU takes a vector already counted for a present one. */
static void test_order(void)
{
	steps_reset();
	NAME_STEP(cpus[0].strays.vector[0], "vector");
	NAME_STEP(cpus[0].strays.times[0], "times");
	NAME_STEP(cpus[0].strays.count, "count");
	STEPS(interrupt_unexpected(0x21),
	      "R times; W vector=21; R times; W times=1; R count; W count=1; R count",
	      "a vector is there before it is counted");
}

int main(void)
{
	test_order();
	test_counts();
	test_storm();
	test_report();
	return tap_done();
}
