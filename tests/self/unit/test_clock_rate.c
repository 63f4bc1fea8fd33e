/* SPDX-License-Identifier: MIT */
/* Tests the TSC's rate in arch/x86/clock_rate.c by counters that run, wrap, stand still or lie. */
#include "arch/x86/clock_rate.h"

#include "tests/self/unit/tap.h"

#define PM_FS	  279365115u
#define PIT_FS	  838095110u
#define NS_A_READ 900u
#define FS_PER_NS 1000000u
#define NS_A_MS	  1000000u
#define GHZ_3	  3000000u

/* The machine. Each reading of the TSC or the counter moves its time on. */
static struct {
	u64 ns;
	u32 khz;       /* of the TSC */
	u32 period_fs; /* of the counter, or 0 if it stands still */
	u32 first;     /* the counter at time 0 */
	u32 bits;      /* the counter's, as a mask */
	u64 stolen_at; /* then 3 ms pass between two looks at the TSC, once */
	unsigned reads, starts, stops;
	bool distrust; /* the answer of stop() */
} pc;

static u64 tsc(void)
{
	if (pc.stolen_at && pc.ns >= pc.stolen_at) {
		pc.ns += 3 * NS_A_MS;
		pc.stolen_at = 0;
	}
	pc.ns += 10;
	return pc.ns * pc.khz / 1000000;
}

static u32 counter(void)
{
	pc.ns += NS_A_READ;
	pc.reads++;
	return (pc.first + (pc.period_fs ? (u32)(pc.ns * FS_PER_NS / pc.period_fs) : 0)) & pc.bits;
}

static void start(void)
{
	pc.starts++;
}

static bool stop(void)
{
	pc.stops++;
	return !pc.distrust;
}

static u32 measured(u32 period_fs, u32 bits)
{
	const struct clock_counter c = {start, stop, counter, bits, period_fs};

	pc.bits = bits;
	return clock_rate_measure(&c, tsc);
}

static void new_pc(u32 khz, u32 period_fs)
{
	pc.ns = pc.reads = pc.starts = pc.stops = 0;
	pc.first = 0;
	pc.stolen_at = 0;
	pc.distrust = false;
	pc.khz = khz;
	pc.period_fs = period_fs;
}

/* Within one in a thousand. */
static bool near(u32 khz, u32 right)
{
	return khz > right - right / 1000 && khz < right + right / 1000;
}

static void test_counters(void)
{
	static const struct {
		const char *name;
		u32 fs, bits;
	} counters[] = {
		{"PIT", PIT_FS, 0xffff},
		{"PM timer of 24 bits", PM_FS, 0xffffff},
		{"PM timer of 32 bits", PM_FS, 0xffffffff},
		{"HPET, 14.3 MHz", 69841279, 0xffffffff},
		{"HPET, 10 MHz", 100000000, 0xffffffff},
		{"HPET, 100 MHz", 10000000, 0xffffffff},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(counters); i++) {
		new_pc(GHZ_3, counters[i].fs);
		CHECK(near(measured(counters[i].fs, counters[i].bits), GHZ_3), "by a %s",
		      counters[i].name);
		CHECK(pc.starts == 1 && pc.stops == 1 && pc.ns > 5 * NS_A_MS && pc.ns < 6 * NS_A_MS,
		      "started and stopped once, after 5 ms");
		new_pc(GHZ_3, counters[i].fs);
		pc.first = counters[i].bits - 1000;
		CHECK(near(measured(counters[i].fs, counters[i].bits), GHZ_3) && pc.starts == 1 &&
			      pc.ns > 5 * NS_A_MS,
		      "it wraps on the way");
	}
	new_pc(133000, PIT_FS);
	CHECK(near(measured(PIT_FS, 0xffff), 133000), "a TSC of 133 MHz");
	new_pc(CLOCK_KHZ_MAX - 1000, PM_FS);
	CHECK(near(measured(PM_FS, 0xffffff), CLOCK_KHZ_MAX - 1000), "a TSC of 20 GHz");
}

static void test_interrupted(void)
{
	for (u32 at = 1; at < 5; at++) {
		new_pc(GHZ_3, PIT_FS);
		pc.stolen_at = at * 1300000ull;
		CHECK(near(measured(PIT_FS, 0xffff), GHZ_3), "3 ms stolen after %u us", at * 1300);
	}
	new_pc(GHZ_3, PIT_FS);
	pc.stolen_at = 1;
	CHECK(near(measured(PIT_FS, 0xffff), GHZ_3), "3 ms stolen in the first sample");
}

static void test_not_counting(void)
{
	new_pc(GHZ_3, 0);
	CHECK(!measured(PM_FS, 0xffffff) && pc.reads < 100000,
	      "a counter that stands still: nothing, after %u reads", pc.reads);
	pc.first = 0xffffffff;
	CHECK(!measured(PM_FS, 0xffffffff), "one that reads as all ones: nothing");
	new_pc(GHZ_3, 4000000000u);
	CHECK(!measured(4000, 0xffffffff) && pc.reads < 4000000,
	      "one a million times too slow: nothing, after %u reads", pc.reads);
	new_pc(GHZ_3, PIT_FS);
	pc.distrust = true;
	CHECK(!measured(PIT_FS, 0xffff) && pc.starts == 3 && pc.stops == 3,
	      "one whose count is not to be trusted: nothing, after 3 tries");
	new_pc(0, PIT_FS);
	CHECK(!measured(PIT_FS, 0xffff), "a TSC that stands still: nothing");
	new_pc(CLOCK_KHZ_MIN - 10, PIT_FS);
	CHECK(!measured(PIT_FS, 0xffff), "a TSC below 1 MHz: nothing");
	new_pc(CLOCK_KHZ_MAX + 100000, PIT_FS);
	CHECK(!measured(PIT_FS, 0xffff), "a TSC above 20 GHz: nothing");
}

static void test_arithmetic(void)
{
	CHECK(near(clock_rate_of(15000000, 17898, PM_FS), GHZ_3), "3 GHz for 5 ms");
	CHECK(near(clock_rate_of(0xffffffff, 5120000, PIT_FS), 1000927),
	      "4294967295 cycles, the most that are looked at");
	CHECK(!clock_rate_of(0x100000000, 5120000, PIT_FS), "more cycles: nothing");
	CHECK(!clock_rate_of(1000, 0, PM_FS), "no tick: nothing");
	CHECK(!clock_rate_of(1000, 1, 1), "a tick of a femtosecond: nothing");
	CHECK(!clock_rate_of(1000, 0xffffffff, 0xffffffff), "213 days: nothing");
	CHECK(!clock_rate_of(15000000, 15391926, PM_FS), "2^32 ns and 5 ms: nothing");
}

#define SKYLAKE	  0x000506e3u
#define GOLDMONT  0x000506c9u
#define DENVERTON 0x000506f1u

static void test_cpuid(void)
{
	CHECK(clock_rate_cpuid15(2, 216, 24000000, SKYLAKE) == 2592000, "15H: 24 MHz * 216 / 2");
	CHECK(clock_rate_cpuid15(1, 78, 38400000, SKYLAKE) == 2995200, "15H: 38.4 MHz * 78");
	CHECK(!clock_rate_cpuid15(2, 216, 0, SKYLAKE), "15H without a crystal: nothing");
	CHECK(clock_rate_cpuid15(3, 171, 0, GOLDMONT) == 1094400, "but Goldmont's is known");
	CHECK(clock_rate_cpuid15(1, 88, 0, DENVERTON) == 2200000, "and Denverton's");
	CHECK(clock_rate_cpuid15(3, 171, 24000000, GOLDMONT) == 1368000, "unless it is said");
	CHECK(!clock_rate_cpuid15(3, 171, 0, GOLDMONT + 0x400), "a family that is not 6: unknown");
	CHECK(!clock_rate_cpuid15(0, 216, 24000000, SKYLAKE), "15H, denominator 0: nothing");
	CHECK(!clock_rate_cpuid15(2, 0, 24000000, SKYLAKE), "15H, numerator 0: nothing");
	CHECK(!clock_rate_cpuid15(1, ~0u, ~0u, SKYLAKE), "15H, all ones: nothing");
	CHECK(!clock_rate_cpuid15(~0u, 1, 24000000, SKYLAKE), "15H, 0.006 Hz: nothing");
	CHECK(clock_rate_cpuid16(2600) == 2600000, "16H: 2600 MHz");
	CHECK(clock_rate_cpuid16(0xabcd0000 | 2600) == 2600000, "16H: the high half is reserved");
	CHECK(!clock_rate_cpuid16(0) && !clock_rate_cpuid16(0xffff), "16H, 0 or 65 GHz: nothing");
}

static void chosen(const u32 khz[NR_CLOCK_SOURCES], enum clock_source source, u32 right,
		   enum clock_source by, bool agree, const char *what)
{
	struct clock_choice choice = clock_choose(khz);

	CHECK(choice.source == source && choice.khz == right && choice.check == by &&
		      choice.agree == agree &&
		      choice.check_khz == (by == CLOCK_GUESS ? 0 : khz[by]),
	      "%s", what);
}

#define NONE CLOCK_GUESS

static void test_choice(void)
{
	chosen((u32[NR_CLOCK_SOURCES]){3000, 3001, 0, 9000, 9000}, CLOCK_PIT, 3000, CLOCK_PM_TIMER,
	       true, "the PIT first, checked by the PM timer; CPUID is not asked");
	chosen((u32[NR_CLOCK_SOURCES]){3000, 0, 3001, 0, 0}, CLOCK_PIT, 3000, CLOCK_HPET, true,
	       "checked by the HPET");
	chosen((u32[NR_CLOCK_SOURCES]){3000, 0, 0, 9000, 0}, CLOCK_PIT, 3000, NONE, true,
	       "CPUID does not check what was measured");
	chosen((u32[NR_CLOCK_SOURCES]){0, 3000, 3001, 0, 0}, CLOCK_PM_TIMER, 3000, CLOCK_HPET, true,
	       "no PIT: the PM timer");
	chosen((u32[NR_CLOCK_SOURCES]){0, 0, 3000, 9000, 0}, CLOCK_HPET, 3000, NONE, true,
	       "nor a PM timer: the HPET");
	chosen((u32[NR_CLOCK_SOURCES]){0, 0, 0, 3000, 2900}, CLOCK_CPUID15, 3000, NONE, true,
	       "no counter: leaf 15H");
	chosen((u32[NR_CLOCK_SOURCES]){0, 0, 0, 0, 2900}, CLOCK_CPUID16, 2900, NONE, true,
	       "nor that: leaf 16H");
	chosen((u32[NR_CLOCK_SOURCES]){0}, CLOCK_GUESS, CLOCK_KHZ_GUESS, NONE, true,
	       "nothing: a guess");
	chosen((u32[NR_CLOCK_SOURCES]){8000, 7000, 0, 0, 0}, CLOCK_PIT, 8000, CLOCK_PM_TIMER, true,
	       "an eighth apart: they agree");
	chosen((u32[NR_CLOCK_SOURCES]){8000, 6999, 0, 0, 0}, CLOCK_PIT, 8000, CLOCK_PM_TIMER, false,
	       "more than that: they do not");
	chosen((u32[NR_CLOCK_SOURCES]){6999, 8000, 0, 0, 0}, CLOCK_PIT, 8000, CLOCK_PM_TIMER, false,
	       "and the faster one is taken");
}

/* A counter of 1 us that goes on by one at each reading. */
static u32 by_readings(void)
{
	pc.ns += 1000;
	return pc.reads++;
}

static void test_length(void)
{
	const struct clock_counter c = {.read = by_readings, .mask = ~0u, .period_fs = 1000000000};
	u32 khz;

	new_pc(GHZ_3, 1);
	khz = clock_rate_measure(&c, tsc);
	CHECK(khz && pc.reads == 5 + 5000 - 4 + 5,
	      "five readings, 5 ms from the first of them on, and five: %u readings", pc.reads);
}

int main(void)
{
	test_length();
	test_counters();
	test_interrupted();
	test_not_counting();
	test_arithmetic();
	test_cpuid();
	test_choice();
	return tap_done();
}
