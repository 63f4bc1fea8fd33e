/* SPDX-License-Identifier: MIT */
#include "kernel/patience.h"

#include <asm/clock.h>

#include "kernel/wait.h"

#define SECOND_NS 1000000000ull

bool patience_over(struct patience *patience)
{
	u64 now = clock_ns(), step = patience->looked ? now - patience->looked : 0;

	patience->looked = now;
	patience->spent += step < SECOND_NS ? step : SECOND_NS;
	return patience->spent > wait_deadline_s * SECOND_NS;
}
