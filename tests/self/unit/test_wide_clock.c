/* SPDX-License-Identifier: MIT */
/*
 * Tests the 64-bit clocks of arch/mips/widened.h on wrapping 32-bit counters, on one and two CPUs.
 */
#include "arch/mips/widened.h"

#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define TURN	  (1ull << 32)
#define HALF_TURN (1ull << 31)

static const u64 starts[] = {0, 1, HALF_TURN - 1, HALF_TURN, TURN - 3};
/* From one look to the next. The longest step is just often enough. */
static const u64 steps[] = {12345677, HALF_TURN / 3, HALF_TURN - 1};

static u32 half_turns;

static bool one_reader(u64 start, u64 step)
{
	u64 now = start;

	half_turns = 0;
	for (unsigned n = 0; n < 5000 && now < 5 * TURN; n++, now += step) {
		u32 turns = half_turns_before(&half_turns);
		u64 wide = widened(&half_turns, turns, (u32)now);

		if (wide != now)
			return false;
	}
	return now > start + 4 * step;
}

/* The slow one has read the number of changes at `at`, and reads the counter only `late` after it.
 * In between the other one looks, if `meanwhile`. */
static bool slow_reader(u64 at, u64 late, bool meanwhile)
{
	u32 turns;
	u64 wide;

	half_turns = (u32)(at / HALF_TURN);
	turns = half_turns_before(&half_turns);
	if (meanwhile)
		widened(&half_turns, half_turns_before(&half_turns), (u32)(at + late));
	wide = widened(&half_turns, turns, (u32)(at + late));
	return wide == at + late && half_turns == (at + late) / HALF_TURN;
}

static bool own_reader(u64 start, u64 step)
{
	struct own_counter own = {0};
	u64 now = start;

	for (unsigned n = 0; n < 5000 && now < 5 * TURN; n++, now += step)
		if (widened_own(&own, (u32)now) != now)
			return false;
	return true;
}

int main(void)
{
	machine_reset();
	for (unsigned i = 0; i < ARRAY_SIZE(starts); i++)
		for (unsigned k = 0; k < ARRAY_SIZE(steps); k++) {
			CHECK(one_reader(starts[i], steps[k]),
			      "a counter that began at 0x%llx, looked at every 0x%llx, goes on over its turns",
			      (unsigned long long)starts[i], (unsigned long long)steps[k]);
			CHECK(own_reader(starts[i], steps[k]), "and so does a CPU's own");
		}
	for (unsigned turn = 0; turn < 4; turn++)
		for (unsigned meanwhile = 0; meanwhile < 2; meanwhile++) {
			u64 end = (turn + 1) * HALF_TURN;

			CHECK(slow_reader(end - 5, 4, meanwhile) &&
				      slow_reader(end - 5, 5, meanwhile) &&
				      slow_reader(end - HALF_TURN, HALF_TURN - 1, meanwhile) &&
				      slow_reader(end - 1, HALF_TURN, meanwhile),
			      "a CPU that was stopped between number and counter, half turn %u%s",
			      turn, meanwhile ? ", while another one looked" : "");
		}
	return tap_done();
}
