/* SPDX-License-Identifier: MIT */
/* Makes tables of names and meanings from guards.def, choices.def and races.def. */
#include "kernel/hooks/guard.h"

#include <asm/caps.h>

#include "kernel/hooks/race.h"

u8 guard_off[NR_GUARDS];

#define GUARD(name, kind, scenario, meaning)                                                       \
	[GUARD_##name] = {#name, scenario, meaning, guard_kind_##kind},
const struct guard_info guard_info[NR_GUARDS] = {
#include "kernel/hooks/guards.def"
};
#undef GUARD

#define CHOICE(name, default_value, meaning)
#define VALUE(choice, value, meaning)                                                              \
	[VALUE_##choice##_##value] = {#choice, #value, meaning, CHOICE_##choice},
const struct value_info value_info[NR_VALUES] = {
#include "kernel/hooks/choices.def"
};
#undef CHOICE
#undef VALUE

#define CHOICE(name, default_value, meaning) [CHOICE_##name] = #name,
#define VALUE(choice, value, meaning)
const char *const choice_name[NR_CHOICES] = {
#include "kernel/hooks/choices.def"
};
#undef CHOICE
#undef VALUE

/* A port with broadcast flushes never waits for them, so its default is flush=nowait. */
#define PORT_DEFAULT(value)                                                                        \
	((int)(value) == (int)VALUE_flush_sync && CAP_BROADCAST_FLUSH ? VALUE_flush_nowait         \
								      : (int)(value))
#define CHOICE(name, default_value, meaning) [CHOICE_##name] = PORT_DEFAULT(DEFAULT_##name),
#define VALUE(choice, value, meaning)
const u8 choice_default[NR_CHOICES] = {
#include "kernel/hooks/choices.def"
};
#undef CHOICE
#undef VALUE

/* Filled by the first call of choices_reset(), at boot. */
u8 choice_value[NR_CHOICES];

void choices_reset(void)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice_value[id] = choice_default[id];
}

#define RACE(name, meaning) [RACE_##name] = #name,
const char *const race_name[NR_RACES] = {
#include "kernel/hooks/races.def"
};
#undef RACE

#define RACE(name, meaning) [RACE_##name] = meaning,
const char *const race_meaning[NR_RACES] = {
#include "kernel/hooks/races.def"
};
#undef RACE
