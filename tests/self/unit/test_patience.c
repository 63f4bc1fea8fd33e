/* SPDX-License-Identifier: MIT */
/* Tests which part of the time counts for a deadline. */
#include "kernel/wait/patience.h"

#include "arch/model/model.h"
#include "kernel/wait/wait.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define SECOND_NS 1000000000ull

/* Returns the number of turns to the end, with the clock moved on by each look. */
static unsigned turns(bool (*over)(struct patience *patience), u64 step_ns)
{
	struct patience patience = {0};
	unsigned n = 1;

	machine_reset();
	model_clock_step = step_ns;
	while (!over(&patience) && n < 1000000)
		n++;
	return n;
}

static unsigned looks(u64 step_ns)
{
	return turns(patience_over, step_ns);
}

static bool two_seconds(struct patience *patience)
{
	return patience_spun_for(patience, 2);
}

/* It ends a nanosecond after so many seconds, and not before. */
static bool exact_seconds(u32 seconds)
{
	struct patience patience = {.looked = 1, .spent = seconds * SECOND_NS - 1};

	machine_reset();
	model_clock_step = 2;
	wait_deadline_s = seconds;
	if (patience_over(&patience) || patience.spent != seconds * SECOND_NS ||
	    patience.looked != 2)
		return false;
	model_clock_step = 1;
	if (!patience_over(&patience) || patience.spent != seconds * SECOND_NS + 1)
		return false;
	wait_deadline_s = 10;
	return patience.looked == 3;
}

static unsigned pauses;

static void count_pause(void)
{
	pauses++;
}

static void test_step_aside(void)
{
	machine_reset();
	model_relax_hook = count_pause;
	step_aside();
	CHECK(pauses == 1, "a pause that lets the others run is enough to step aside");
}

int main(void)
{
	unsigned seconds = wait_deadline_s;

	CHECK(looks(SECOND_NS / 1000) == seconds * 1000 + 2, "a deadline is so many seconds");
	CHECK(looks(SECOND_NS / 10) == seconds * 10 + 2, "whatever the time from look to look");
	CHECK(looks(SECOND_NS) == seconds * 10 + 2,
	      "but of a second between two the others could use no more than a slice");
	CHECK(looks(3600 * SECOND_NS) == seconds * 10 + 2, "nor of an hour");
	CHECK(looks(-SECOND_NS) == seconds * 10 + 2, "nor of a clock that goes backwards");
	CHECK(turns(patience_spun, SECOND_NS) == (seconds * 10 + 2) * SPINS_PER_LOOK,
	      "a spin looks at the clock at every %u-th turn only", SPINS_PER_LOOK);
	CHECK(turns(two_seconds, SECOND_NS) == (2 * 10 + 2) * SPINS_PER_LOOK,
	      "and has another deadline if it asks for one");
	CHECK(exact_seconds(2), "to the nanosecond");
	test_step_aside();
	wait_deadline_s = 3600;
	CHECK(looks(SECOND_NS) == 3600 * 10 + 2,
	      "the longest deadline that the option knows: an hour");
	return tap_done();
}
