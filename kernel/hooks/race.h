/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: race points (races.def).
 *
 * A race point is a named place between two accesses of the protocol. In the lab build it is a full
 * compiler and memory barrier, and tells the registered race_hook where this CPU is. In the bench
 * build it is nothing. Race points stand in C code only, and are legal with interrupts off.
 */
#pragma once

#include "kernel/compiler.h"

#define RACE(name, meaning) RACE_##name,
enum race_point {
#include "kernel/hooks/races.def"
	NR_RACES
};
#undef RACE

extern const char *const race_name[NR_RACES], *const race_meaning[NR_RACES];

struct race_site {
	const char *function;
	u16 line;
	u16 point; /* enum race_point */
	const char *file;
};

/* Returns a file's name from the root of the source. Drops each "./" before it: one is of a header
 * found by -I., another of the directory of the compilation. */
static inline const char *source_file(const char *file)
{
	while (file[0] == '.' && file[1] == '/')
		file += 2;
	return file;
}

/* Set race_hook only while no other CPU runs protocol code. The hook runs on the CPU at the point
 * and may read *site during the call. Interrupts may be off and locks held, so a hook must not
 * print, allocate or take a kernel lock. */
typedef void race_hook_t(const struct race_site *site, u64 value);
extern race_hook_t *race_hook;

/* Returns true while a variant is recorded. Damage, such as a frame freed twice or a deadlock, is
 * then a result and does not end the run. */
static inline bool race_recording(void)
{
	return READ_ONCE(race_hook);
}

void race_reached(const struct race_site *site, u64 value);

#ifdef ZAPWALK_LAB
#define RACE_POINTS 1
#define race_value(name, value)                                                                    \
	do {                                                                                       \
		static const struct race_site race_site_ = {__func__, __LINE__, RACE_##name,       \
							    __FILE__};                             \
		race_reached(&race_site_, (value));                                                \
	} while (0)
#else
#define RACE_POINTS 0
#define race_value(name, value)                                                                    \
	do {                                                                                       \
		if (0)                                                                             \
			(void)(value);                                                             \
	} while (0)
#endif
#define race_point(name) race_value(name, 0)
