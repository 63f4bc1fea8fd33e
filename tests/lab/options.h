/* SPDX-License-Identifier: MIT */
/* What the command line asks of the lab. */
#pragma once

#include "kernel/hooks/guard.h"

struct options {
	const char *run;     /* run=: patterns separated by commas; NULL: all */
	const char *mode;    /* mode=: modes separated by commas; NULL: all */
	const char *require; /* require=: modes separated by commas; NULL: none */
	const char *known;   /* known=: findings separated by commas; NULL: none */
	bool list, verbose, strict, safe;
	bool stuck_guards;  /* lab.guards=stuck: the code keeps every guard on, the lab believes
			       otherwise */
	const char *replay; /* lab.replay=: see replay.h; NULL: none */
	const char *broken; /* lab.broken=: a row that counts as violated; NULL: none */
	bool deadlock;	    /* lab.deadlock=1: of two roles, at the end of each stress round; in a
			       probe the last role waits for the first instead of its part */
	bool revive;	    /* lab.revive=1: an entry that was taken comes back */
	unsigned idle_role; /* lab.idle=: this role does nothing; MAX_ROLES: none */
	bool all_idle;	    /* lab.idle=all: no role does anything */
	u32 passes;	    /* 0: until something ends the soak */
	u32 minutes;	    /* after which a soak ends; 0: it does not by itself */
	u32 seconds;	    /* of all stress together */
	u32 iters;	    /* overlaps after which a stress cell has seen enough */
	u8 guard_off[NR_GUARDS];
	u8 choice[NR_CHOICES]; /* enum value_id; VALUE_NONE: not on the command line */
};

extern struct options options;

static inline bool option_idle(unsigned role)
{
	return options.all_idle || options.idle_role == role;
}

/* Does run= ask for this scenario? */
bool option_selects(const char *name);
/* lab.idle=writer, walker or all; false: none of them. */
bool option_set_idle(const char *value);
/* Does mode= ask for "probe", "choreo", "stress"? */
bool option_asks_mode(const char *mode);
/* Does require= ask that a row of this mode be shown? */
bool option_requires(const char *mode);
/* The pattern that begins at *list, and its length; *list moves on to the next; NULL: no more. */
const char *option_next_pattern(const char **list, size_t *length);
/* That pattern as a string of its own, cut if there is no room. */
void option_pattern_text(char *text, size_t size, const char *pattern, size_t length);
/* Does known= name this finding? NULL: no. */
bool option_knows(const char *finding);
/* Refuses, naming it, if known= has an option that is none of the findings; NULLs among them do not
 * count. */
void option_check_known(const char *(*finding)(unsigned i), unsigned n);
/* Refuses, naming it, if a pattern of run= selects none of the names. */
void option_check_patterns(const char *(*name)(unsigned i), unsigned n);
