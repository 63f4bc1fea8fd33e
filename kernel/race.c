/* SPDX-License-Identifier: MIT */
#include "kernel/race.h"

#include <asm/barrier.h>

race_hook_t *race_hook;

#define RACE(name, meaning) [RACE_##name] = #name,
const char *const race_name[NR_RACES] = {
#include "kernel/races.def"
};
#undef RACE

__noinline void race_reached(const struct race_site *site, u64 value)
{
	race_hook_t *hook = READ_ONCE(race_hook);

	smp_mb();
	if (hook)
		hook(site, value);
	smp_mb();
}
