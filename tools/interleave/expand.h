/* SPDX-License-Identifier: MIT */
/* One state of a search. */
#pragma once

#include "tools/interleave/graph.h"

/* The number of the state that is in memory. */
u32 expand_save(struct origin origin);
/* The state, or the step after it, breaks something. False: the search is over. One that is
 * tolerated is an end of this way alone. */
bool expand_broken(const struct exploration *what, struct result *result, enum breach breach,
		   const char *words, u32 state, const struct transition *last);
/* A CPU has stopped in the middle of the step: there is no state behind it. */
bool expand_stopped(const struct exploration *what, struct result *result, u32 state,
		    const struct transition *step);
/* The model has an end that the machine has not: what was found is of no value. */
void expand_check_limits(const struct exploration *what);
/* Takes every step that can happen in the state. False: the search is over. */
bool expand(const struct exploration *what, struct result *result, u32 state);
