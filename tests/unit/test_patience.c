/* SPDX-License-Identifier: MIT */
/* Deadlines: what counts of the time that passes. */
#include "kernel/patience.h"

#include "arch/model/model.h"
#include "kernel/wait.h"
#include "tests/unit/machine.h"
#include "tests/unit/tap.h"

#define SECOND_NS 1000000000ull

/* Turns until it is over, the clock going on by that much whenever it is looked at. */
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

int main(void)
{
	unsigned seconds = wait_deadline_s;

	CHECK(looks(SECOND_NS / 1000) == seconds * 1000 + 2, "a deadline is so many seconds");
	CHECK(looks(SECOND_NS) == seconds + 2, "whatever the time from look to look");
	CHECK(looks(3600 * SECOND_NS) == seconds + 2, "but of an hour between two a second counts");
	CHECK(looks(-SECOND_NS) == seconds + 2, "and so of a clock that goes backwards");
	CHECK(turns(patience_spun, SECOND_NS) == (seconds + 2) * SPINS_PER_LOOK,
	      "a spin looks at the clock at every %u-th turn only", SPINS_PER_LOOK);
	wait_deadline_s = 3600;
	CHECK(looks(SECOND_NS) == 3600 + 2, "the longest deadline that the word knows: an hour");
	return tap_done();
}
