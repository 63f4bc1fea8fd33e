/* SPDX-License-Identifier: MIT */
/* A name that was mistyped, and the one that was probably meant. */
#pragma once

#include "kernel/compiler.h"

#define NEAR_LENGTH 40u /* of names that can be compared; a longer one is near to nothing */

struct near {
	char said[NEAR_LENGTH + 2];
	const char *best; /* the nearest of the names that were offered; NULL: none is near */
	unsigned least;	  /* how many letters it is off; the next must be nearer */
};

/* The first `length` characters of `said` are what was typed. */
void near_begin(struct near *near, const char *said, size_t length);
/* name: one that is valid, and stays. It is near if at most two letters have to be put in, taken
 * out or changed, and not more than half of what was typed. Two letters in the wrong order count as
 * two. */
void near_offer(struct near *near, const char *name);
/* The same, if `compared`, a part of `name`, is near. */
void near_offer_part(struct near *near, const char *name, const char *compared);
/* What the name that near_begin() was told is called today, by renamed.def; NULL: it is no old
 * name. */
const char *near_renamed(const struct near *near);
