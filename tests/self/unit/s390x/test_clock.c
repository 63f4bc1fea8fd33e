/* SPDX-License-Identifier: MIT */
/* Tests arch/s390x/clock.c, because bit 51 of the time-of-day clock is a microsecond. */
#include "tests/self/unit/s390x/fake.h"

#include "arch/s390x/clock.c"

/* Returns clock_ns(), `tod` after clock_init(). */
static u64 ns_after(u64 tod)
{
	fake.clock = 0xd000000000000123;
	clock_init();
	fake.clock += tod;
	return clock_ns();
}

int main(void)
{
	fake.clock = 0x123456789abcdef0;
	CHECK(clock_cycles() == 0x123456789abcdef0, "a cycle is a unit of the TOD clock");
	CHECK(clock_cycles_per_us() == 4096, "4096 of them are a microsecond");
	CHECK(ns_after(0) == 0, "the clock begins at clock_init()");
	CHECK(ns_after(4096) == 1000 && ns_after(4095) == 999, "4096 units are 1000 ns");
	CHECK(ns_after(511) == 124 && ns_after(512) == 125 && ns_after(513) == 125 &&
		      ns_after(517) == 126,
	      "fractions are rounded down");
	/* By 1000 at once this would overflow 64 bits after 52 days. */
	CHECK(ns_after(4096000000ul * 86400 * 1000) == 1000000000ul * 86400 * 1000,
	      "1000 days to the nanosecond");

	fake_reset();
	fake.tick = 4096; /* each look takes a microsecond */
	delay_us(3);
	EXPECT("relax relax", "3 us: looks after 1 and 2 are too early");
	CHECK(fake.clock == 4 * 4096, "the look at 3 us is the last one");
	delay_us(0);
	EXPECT("", "0 us: no wait");
	return tap_done();
}
