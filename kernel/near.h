/* SPDX-License-Identifier: MIT */
/* A mistyped name, and the valid name nearest to it. */
#pragma once

#include "kernel/compiler.h"

#define NEAR_LENGTH 40u /* the longest name compared; a longer one is near to nothing */

struct near {
	char said[NEAR_LENGTH + 2];
	const char *best; /* the nearest of the offered names, NULL if none is near */
	unsigned least;	  /* how many letters it is off; the next name must be nearer */
};

/* Starts a search for the first `length` characters of `said`, as they were typed. */
void near_begin(struct near *near, const char *said, size_t length);
/* Offers a valid name. The string must stay. A name is near if at most two letters have to be
 * inserted, deleted or changed, and at most half of the typed name. Two letters in the wrong order
 * count as two. */
void near_offer(struct near *near, const char *name);
/* Offers `name` too, but compares only `compared`, a part of it. */
void near_offer_part(struct near *near, const char *name, const char *compared);
/* Returns today's name if the typed one is an old name (renamed.def), else NULL. */
const char *near_renamed(const struct near *near);
