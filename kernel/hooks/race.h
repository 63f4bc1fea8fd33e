/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: race points (races.def).
 *
 * A race point is a named place between two accesses of the protocol. In the lab build it is a full
 * compiler and memory barrier and tells whoever registered (race_hook) that this CPU got there; in
 * the bench build it is nothing. Points stand in C code only, and are legal with interrupts off.
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

/* A file's name from the root of the source: without the "./" of a header that -I. found. */
static inline const char *source_file(const char *file)
{
	return file[0] == '.' && file[1] == '/' ? file + 2 : file;
}

/* Set while no other CPU runs protocol code; *site is the hook's during the call. Called on the CPU
 * that reached the point, which may have interrupts off and may hold locks: it must not print,
 * allocate or take a kernel lock. */
typedef void race_hook_t(const struct race_site *site, u64 value);
extern race_hook_t *race_hook;

/* Somebody records what a variant does: damage (a frame freed twice, a deadlock) is then a result
 * that the run survives, instead of its end. */
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
