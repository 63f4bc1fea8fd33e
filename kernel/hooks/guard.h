/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: guards and choices (guards.def, choices.def).
 *
 *	if (guard(present_recheck)) ...		the step is taken unless the lab switched it off
 *	if (choice_is(pte_read, atomic64)) ...	one of several complete algorithms
 *
 * Linux has had another guard() in include/linux/cleanup.h since 6.5. Its guard(mutex)(&lock) takes
 * a lock until the end of the scope. Ours takes nothing. It asks.
 *
 * Both are constant during a run, so plain reads are right. In the bench build they are constants
 * and cost nothing. Only the lab writes guard_off[] and choice_value[], between variants, while no
 * other CPU runs protocol code.
 */
#pragma once

#include "kernel/compiler.h"

enum guard_kind {
	guard_kind_step,
	guard_kind_barrier,
};

#define GUARD(name, kind, scenario, meaning) GUARD_##name,
enum guard_id {
#include "kernel/hooks/guards.def"
	NR_GUARDS
};
#undef GUARD

#define CHOICE(name, default_value, meaning) CHOICE_##name,
#define VALUE(choice, value, meaning)
enum choice_id {
#include "kernel/hooks/choices.def"
	NR_CHOICES
};
#undef CHOICE
#undef VALUE

/* Values are numbered through the whole list, and choice_value[] holds the number. */
#define CHOICE(name, default_value, meaning)
#define VALUE(choice, value, meaning) VALUE_##choice##_##value,
enum value_id {
	VALUE_NONE, /* so that a list of values may end in 0 */
#include "kernel/hooks/choices.def"
	NR_VALUES
};
#undef CHOICE
#undef VALUE

#define CHOICE(name, default_value, meaning) DEFAULT_##name = VALUE_##name##_##default_value,
#define VALUE(choice, value, meaning)
enum default_id {
#include "kernel/hooks/choices.def"
};
#undef CHOICE
#undef VALUE

struct guard_info {
	const char *name, *scenario, *meaning;
	enum guard_kind kind;
};

struct value_info {
	const char *choice, *value, *meaning;
	enum choice_id id;
};

extern const struct guard_info guard_info[NR_GUARDS];
extern const struct value_info value_info[NR_VALUES];
extern const char *const choice_name[NR_CHOICES];

/* value_info[VALUE_NONE] is empty. */
extern const u8 choice_default[NR_CHOICES]; /* enum value_id */
/* Sets every choice to its default. Call at boot before the first guard or choice is read. */
void choices_reset(void);

extern u8 guard_off[NR_GUARDS];
extern u8 choice_value[NR_CHOICES];

#ifdef ZAPWALK_LAB
static inline bool guard_by_id(enum guard_id id)
{
	return likely(!guard_off[id]);
}

#define choice_is(choice, value) (choice_value[CHOICE_##choice] == VALUE_##choice##_##value)
#else
static __always_inline bool guard_by_id(enum guard_id id)
{
	(void)id;
	return true;
}

#define choice_is(choice, value) ((int)VALUE_##choice##_##value == (int)DEFAULT_##choice)
#endif

#define guard(name) guard_by_id(GUARD_##name)
