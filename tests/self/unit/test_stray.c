/* SPDX-License-Identifier: MIT */
/* kernel/stray.c: what is counted where, and from when on they keep coming. */
#include "kernel/stray.h"

#include "kernel/hooks/upcalls.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static bool came(unsigned cpu, unsigned vector, unsigned times)
{
	bool more = false;

	AS_CPU(cpu, while (times--) more = interrupt_unexpected(vector));
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

int main(void)
{
	test_counts();
	test_storm();
	return tap_done();
}
