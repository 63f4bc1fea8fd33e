/* SPDX-License-Identifier: MIT */
/* The options of the lab on the command line. */
#pragma once

#include "kernel/hooks/guard.h"

struct options {
	const char *run;     /* run=, patterns separated by commas, NULL if all */
	const char *mode;    /* mode=, modes separated by commas, NULL if all */
	const char *require; /* require=, modes separated by commas, NULL if none */
	const char *known;   /* known=, findings separated by commas, NULL if none */
	bool list, verbose, strict, safe;
	bool stuck_guards;  /* lab.guards=stuck, the code keeps every guard on, but the lab
			       believes otherwise */
	const char *replay; /* lab.replay=, see replay.h, NULL if none */
	const char *broken; /* lab.broken=, a scenario counted as violated, NULL if none */
	bool deadlock;	    /* lab.deadlock=1, two roles deadlock at the end of each stress
			       round. In a probe the last role only waits for the first */
	bool revive;	    /* lab.revive=1, an entry comes back after it was taken */
	unsigned idle_role; /* lab.idle=, the role with nothing to do, MAX_ROLES if none */
	bool all_idle;	    /* lab.idle=all, no role does anything */
	u32 passes;	    /* 0 if only a key or minutes= ends them */
	u32 minutes;	    /* after these a soak ends, 0 if it does not by itself */
	u32 seconds;	    /* of all stress together */
	u32 iters;	    /* enough overlaps for a stress cell */
	u8 guard_off[NR_GUARDS];
	u8 choice[NR_CHOICES]; /* enum value_id, VALUE_NONE if not on the command line */
};

extern struct options options;

static inline bool option_idle(unsigned role)
{
	return options.all_idle || options.idle_role == role;
}

/* Returns whether run= asks for this scenario. */
bool option_selects(const char *name);
/* Takes lab.idle=writer, walker or all. Returns false for any other value. */
bool option_set_idle(const char *value);
/* Returns whether mode= asks for "probe", "choreo" or "stress". */
bool option_asks_mode(const char *mode);
/* Returns whether require= asks to have a variant of this mode shown. */
bool option_requires(const char *mode);
/* Returns the pattern at the beginning of *list with its length, and moves *list on to the next.
 * NULL if there are no more. */
const char *option_next_pattern(const char **list, size_t *length);
/* Copies the pattern to a string of its own, cut if there is no room. */
void option_pattern_text(char *text, size_t size, const char *pattern, size_t length);
/* Returns whether known= names this finding. NULL is none. */
bool option_knows(const char *finding);
/* Refuses an option in known= that is none of the findings, and names it. NULLs among the findings
 * do not count. */
void option_check_known(const char *(*finding)(unsigned i), unsigned n);
/* Refuses a pattern of run= that selects none of the names, and names the pattern. */
void option_check_patterns(const char *(*name)(unsigned i), unsigned n);
