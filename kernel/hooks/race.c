/* SPDX-License-Identifier: MIT */
/* Calls the race hook when a CPU reaches a race point, between two full barriers. */
#include "kernel/hooks/race.h"

#include <asm/barrier.h>

race_hook_t *race_hook;

__noinline void race_reached(const struct race_site *site, u64 value)
{
	race_hook_t *hook = READ_ONCE(race_hook);

	smp_mb();
	if (hook)
		hook(site, value);
	smp_mb();
}
