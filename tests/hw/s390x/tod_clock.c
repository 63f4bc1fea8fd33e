/* SPDX-License-Identifier: MIT */
/* Two CPUs read the clock in turns, each after it has got the other's value. */
#include <asm/barrier.h>
#include <asm/clock.h>

#include "tests/lab/lab.h"

#define TURNS	20000u
#define LEAST	16u
#define NS_MOST 200000000ull
#define NS_LATE 2000000000ull /* for a host that rarely runs both CPUs */

static struct {
	u32 turn;  /* shared, its lowest bit says whose turn it is */
	u64 value; /* of the CPU with the turn before */
	bool over; /* shared, set by role 0 */
	u32 backwards;
	u64 most; /* the most cycles that a value was behind */
} found;

static bool setup(struct variant *v)
{
	(void)v;
	found = (typeof(found)){.turn = 0};
	return true;
}

static void read_clock(void)
{
	u64 now = clock_cycles();

	if (now < found.value) {
		found.backwards++;
		if (found.value - now > found.most)
			found.most = found.value - now;
	}
	found.value = now;
}

static void read_in_turns(unsigned role)
{
	struct lab_patience patience = {0};
	u64 start = clock_ns();

	while (!READ_ONCE(found.over)) {
		u32 turn = smp_load_acquire(&found.turn);

		if (turn % 2 == role) {
			read_clock();
			smp_store_release(&found.turn, turn + 1);
		} else {
			lab_go_on(&patience, &found.over, &found.turn);
		}
		if (role == 0 && (turn >= TURNS ||
				  clock_ns() - start > (turn < LEAST ? NS_LATE : NS_MOST)))
			WRITE_ONCE(found.over, true);
	}
}

static void read_0(struct variant *v)
{
	(void)v;
	read_in_turns(0);
}

static void read_1(struct variant *v)
{
	(void)v;
	read_in_turns(1);
}

static enum verdict judge(struct variant *v)
{
	if (found.backwards) {
		lab_saw(v,
			"%u of %u values were earlier than one seen before on the other CPU, by up "
			"to %llu units of 1/4096 us",
			found.backwards, found.turn, (unsigned long long)found.most);
		return VIOLATED;
	}
	lab_counted(v, found.turn);
	lab_evidence(v, "%u values in turns on two CPUs, none earlier than the one before",
		     found.turn);
	return HELD;
}

SCENARIO(tod_clock) = {
	.name = "hw/tod-clock",
	.rule = "all CPUs share one time-of-day clock, so a value that one has read is "
		"never ahead of a later reading",
	.reference = "Principles of Operation, chapter 4, \"Time-of-Day Clock\", \"TOD-Clock "
		     "Synchronization\"; chapter 7, STORE CLOCK FAST",
	.mode = MODE_PROBE,
	.least = {AT_LEAST_MET(LEAST, "turns")},
	.roles = {{"a CPU", read_0}, {"another", read_1}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
