/* SPDX-License-Identifier: MIT */
/* Tests drivers/acpi_timers.c for the PM timer of a FADT and the place of an HPET. */
#include "drivers/acpi_timers.h"

#include "tests/self/unit/bytes.h"
#include "tests/self/unit/tap.h"

#define LENGTH	   91
#define FLAGS	   112
#define PORT	   76
#define X	   208
#define OLD	   116u
#define NEW	   244u
#define EXTENDED   0x100u
#define REDUCED	   0x100000u
#define HPET_TABLE 56u
#define PLACE	   40

static struct bytes fadt(u32 port, u32 flags)
{
	struct bytes b = {.size = NEW};

	put32(&b, PORT, port);
	put8(&b, LENGTH, 4);
	put32(&b, FLAGS, flags);
	return b;
}

/* The long field has an address space and an address. */
static struct bytes with_x(struct bytes b, u8 space, u64 at)
{
	put8(&b, X, space);
	put64(&b, X + 4, at);
	return b;
}

static bool timer_is(struct bytes b, size_t n, u32 port, unsigned bits)
{
	struct pm_timer timer = {0, 0};
	u8 *copy = exact_copy(b.at, n);
	bool found = fadt_pm_timer(copy, n, &timer);

	free(copy);
	return found == (port != 0) && timer.port == port && timer.bits == bits;
}

static void test_pm_timer(void)
{
	struct bytes b = fadt(0x608, 0);

	CHECK(timer_is(b, NEW, 0x608, 24), "a PM timer of 24 bits");
	CHECK(timer_is(b, OLD, 0x608, 24), "in a table of revision 1");
	CHECK(timer_is(fadt(0x608, EXTENDED), NEW, 0x608, 32), "one of 32 bits");
	CHECK(timer_is(with_x(b, 1, 0x1808), NEW, 0x1808, 24), "the long field is believed");
	CHECK(timer_is(with_x(b, 1, 0x1808), 219, 0x608, 24), "unless the table ends before it");
	CHECK(timer_is(with_x(b, 0, 0x1808), NEW, 0, 0), "a timer in memory: none");
	CHECK(timer_is(with_x(b, 1, 0x1234567800001808), NEW, 0, 0), "a port that does not exist");
	CHECK(timer_is(fadt(0, 0), NEW, 0, 0), "port 0: none");
	CHECK(timer_is(fadt(0xfffd, 0), NEW, 0, 0), "a port past the last: none");
	CHECK(timer_is(fadt(0x608, REDUCED), NEW, 0, 0), "reduced hardware: none");
	CHECK(timer_is(b, OLD - 1, 0, 0), "a table cut short: none");
	put8(&b, LENGTH, 0);
	CHECK(timer_is(b, NEW, 0, 0), "a length of 0: not supported");
}

static paddr_t place_of(struct bytes b, size_t n)
{
	u8 *copy = exact_copy(b.at, n);
	paddr_t at = hpet_place(copy, n);

	free(copy);
	return at;
}

static void test_hpet(void)
{
	struct bytes b = {.size = HPET_TABLE};

	put64(&b, PLACE + 4, 0xfed00000);
	CHECK(place_of(b, HPET_TABLE) == 0xfed00000, "an HPET");
	CHECK(!place_of(b, HPET_TABLE - 1), "a table cut short: none");
	put8(&b, PLACE, 1);
	CHECK(!place_of(b, HPET_TABLE), "one at a port: none");
}

static void test_period(void)
{
	CHECK(hpet_period_is_sane(69841279) && hpet_period_is_sane(10000000) &&
		      hpet_period_is_sane(100000000),
	      "periods of 69.8, 10 and 100 ns");
	CHECK(!hpet_period_is_sane(0) && !hpet_period_is_sane(0xffffffff), "no device");
	CHECK(!hpet_period_is_sane(100000001), "more than 100 ns");
	CHECK(!hpet_period_is_sane(99999), "less than 0.1 ns");
}

int main(void)
{
	test_pm_timer();
	test_hpet();
	test_period();
	return tap_done();
}
