/* SPDX-License-Identifier: MIT */
#include "arch/x86/clock_rate.h"
#include "arch/x86/div64.h"

#define MEASURE_FS   5000000000000ull /* 5 ms */
#define POLLS_MAX    1000000u
#define STILL_MAX    10000u /* readings of one value, as the slowest counter moves every 0.8 us */
#define TRIES	     3u
#define SAMPLES	     5u
#define MODEL(id)    (((id) >> 4 & 0xf) | ((id) >> 12 & 0xf0))
#define FAMILY(id)   ((id) >> 8 & 0xf)
#define FS_PER_NS    1000000u
#define NS_TIMES_KHZ 1000000u /* cycles in a nanosecond, as kHz */

const char *const clock_source_name[NR_CLOCK_SOURCES] = {
	[CLOCK_PIT] = "pit",	     [CLOCK_PM_TIMER] = "pmtimer", [CLOCK_HPET] = "hpet",
	[CLOCK_CPUID15] = "cpuid15", [CLOCK_CPUID16] = "cpuid16",  [CLOCK_GUESS] = "guess",
};

/* Leaf 15H of these CPUs has no crystal frequency, and they have no leaf 16H (SDM vol. 3,
 * 20.7.3). */
static const struct {
	u8 model; /* of family 6 */
	u32 hz;
} crystals[] = {
	{0x5c, 19200000}, /* Goldmont */
	{0x5f, 25000000}, /* Goldmont in servers */
};

static u32 plausible(u64 khz)
{
	return khz >= CLOCK_KHZ_MIN && khz <= CLOCK_KHZ_MAX ? (u32)khz : 0;
}

u32 clock_rate_of(u64 cycles, u32 ticks, u32 period_fs)
{
	u64 ns = div64_32((u64)ticks * period_fs, FS_PER_NS);

	if (!ns || ns >> 32 || cycles >> 32)
		return 0;
	return plausible(div64_32(cycles * NS_TIMES_KHZ, (u32)ns));
}

static u32 known_crystal(u32 signature)
{
	for (unsigned i = 0; i < ARRAY_SIZE(crystals); i++)
		if (FAMILY(signature) == 6 && MODEL(signature) == crystals[i].model)
			return crystals[i].hz;
	return 0;
}

u32 clock_rate_cpuid15(u32 denominator, u32 numerator, u32 crystal_hz, u32 signature)
{
	if (!crystal_hz)
		crystal_hz = known_crystal(signature);
	if (!denominator)
		return 0;
	return plausible(div64_32(div64_32((u64)crystal_hz * numerator, denominator), 1000));
}

u32 clock_rate_cpuid16(u32 base_mhz)
{
	return plausible((u64)(base_mhz & 0xffff) * 1000);
}

/* Both counters at one moment, known to within width cycles. */
struct sample {
	u64 cycles;
	u64 width;
	u32 count;
};

static struct sample sample_once(const struct clock_counter *counter, u64 (*cycles)(void))
{
	struct sample s;
	u64 before = cycles();

	s.count = counter->read();
	s.width = cycles() - before;
	s.cycles = before + s.width / 2;
	return s;
}

/* Returns the narrowest of a few, because an interruption between the two reads would be taken for
 * elapsed time. */
static struct sample sample(const struct clock_counter *counter, u64 (*cycles)(void))
{
	struct sample best = sample_once(counter, cycles);

	for (unsigned i = 1; i < SAMPLES; i++) {
		struct sample s = sample_once(counter, cycles);

		if (s.width < best.width)
			best = s;
	}
	return best;
}

/* Reads the counter until it has gone on by `ticks`. Returns false if it does not. */
static bool await_ticks(const struct clock_counter *counter, u32 from, u32 ticks)
{
	u32 now = from, still = 0;

	for (unsigned polls = 0; polls < POLLS_MAX && still < STILL_MAX; polls++) {
		u32 next = counter->read();

		if (((next - from) & counter->mask) >= ticks)
			return true;
		still = next == now ? still + 1 : 0;
		now = next;
	}
	return false;
}

static u32 measure_once(const struct clock_counter *counter, u64 (*cycles)(void))
{
	u32 ticks = (u32)div64_32(MEASURE_FS, counter->period_fs);
	struct sample first = sample(counter, cycles), last;

	if (!await_ticks(counter, first.count, ticks))
		return 0;
	last = sample(counter, cycles);
	return clock_rate_of(last.cycles - first.cycles, (last.count - first.count) & counter->mask,
			     counter->period_fs);
}

u32 clock_rate_measure(const struct clock_counter *counter, u64 (*cycles)(void))
{
	u32 khz = 0;

	for (unsigned i = 0; i < TRIES && !khz; i++) {
		if (counter->start)
			counter->start();
		khz = measure_once(counter, cycles);
		if (counter->stop && !counter->stop())
			khz = 0;
	}
	return khz;
}

static u32 difference(u32 a, u32 b)
{
	return a > b ? a - b : b - a;
}

static void check(struct clock_choice *choice, enum clock_source by, u32 khz)
{
	u32 most = khz > choice->khz ? khz : choice->khz;

	choice->check = by;
	choice->check_khz = khz;
	choice->agree = difference(khz, choice->khz) <= most / 8;
	if (!choice->agree)
		choice->khz = most;
}

/* Returns the first source in [i, end) with a known rate, or `end` if there is none. */
static unsigned next_known(const u32 khz[NR_CLOCK_SOURCES], unsigned i, unsigned end)
{
	while (i < end && !khz[i])
		i++;
	return i;
}

struct clock_choice clock_choose(const u32 khz[NR_CLOCK_SOURCES])
{
	struct clock_choice choice = {CLOCK_GUESS, CLOCK_KHZ_GUESS, CLOCK_GUESS, 0, true};
	unsigned first = next_known(khz, 0, CLOCK_GUESS), second;

	if (first == CLOCK_GUESS)
		return choice;
	choice.source = first;
	choice.khz = khz[first];
	second = next_known(khz, first + 1, NR_CLOCK_COUNTERS);
	if (second < NR_CLOCK_COUNTERS)
		check(&choice, second, khz[second]);
	return choice;
}
