/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/clock.c for its counter, its units and the timing of a nap. */
#include "arch/mips/clock.c"

#include "tests/self/unit/mips/host.h"

static bool has_gic;
static u64 gic_now;

bool cm_present(void)
{
	return has_gic;
}

u64 gic_counter(void)
{
	return has_gic ? gic_now++ : 0;
}

static bool in_time;

bool gic_timer_set(u32 ticks)
{
	host_note("timer %u", ticks);
	return in_time;
}

/* As the interrupt's handler leaves it, with the interrupts that could end the sleep. */
void mips_idle(u32 lines)
{
	host_note("idle %x", lines);
	mips_this_cpu()->nap_timed_out = gic_now;
}

static void test_gic_clock(void)
{
	host_reset(0);
	has_gic = true;
	gic_now = 1000;
	clock_init();
	CHECK(clock_cycles() == 1001 && clock_ns() == 20,
	      "GIC: 10 ns a tick, from clock_init() on");
	CHECK(clock_cycles_per_us() == 100, "GIC: 100 ticks a microsecond");
	gic_now = 5000;
	delay_us(3);
	CHECK(gic_now == 5301 && host_relaxes == 299, "GIC: a delay of 3 us is 300 ticks");
	gic_now = 1ull << 40;
	CHECK(clock_ns() == ((1ull << 40) - 1000) * 10, "GIC: more than 32 bits");
}

static void test_count(void)
{
	host_reset(0);
	has_gic = false;
	host_cp0[12][0] = STATUS_IE | 0x400;
	host_cp0[9][0] = 0xfffffff0;
	clock_init();
	CHECK(host_did("mtc0 12.0=400 mtc0 12.0=401"), "Count is widened with all interrupts off");
	host_cp0[9][0] = 0x10;
	CHECK(clock_ns() == 0x20 * 6, "Count: 6 ns a tick, and it wraps");
	CHECK(clock_cycles() == 0x100000010, "Count: 64 bits");
	CHECK(clock_cycles_per_us() == 166, "Count: 166 ticks a microsecond");
}

static void nap(const char *what, bool gic, bool soon, bool timed_out, const char *did)
{
	host_reset(0);
	has_gic = gic;
	in_time = soon;
	gic_now = timed_out;
	CHECK(cpu_nap(12) == (gic && soon && !timed_out), "%s: its result", what);
	CHECK(host_did(did), "%s: what was done", what);
}

int main(void)
{
	test_gic_clock();
	test_count();
	nap("a nap that an interrupt ends", true, true, false, "timer 1200 idle 5c00");
	nap("one that the timer ends", true, true, true, "timer 1200 idle 5c00");
	nap("the moment had passed before the sleep", true, false, false,
	    "timer 1200 mtc0 12.0=1c00");
	nap("no GIC", false, true, false, "mtc0 12.0=1c00");
	return tap_done();
}
