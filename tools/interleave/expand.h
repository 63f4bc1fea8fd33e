/* SPDX-License-Identifier: MIT */
/* One state of a search. */
#pragma once

#include "tools/interleave/graph.h"

/* Returns the number of the state in memory. */
u32 expand_save(struct origin origin);
/* The state, or the step after it, breaks something. Returns false if the search has ended. A
 * tolerated breach ends only this way. */
bool expand_broken(const struct exploration *what, struct result *result, enum breach breach,
		   const char *words, u32 state, const struct transition *last);
/* A CPU has stopped in the middle of the step, so no state comes after it. */
bool expand_stopped(const struct exploration *what, struct result *result, u32 state,
		    const struct transition *step);
/*
 * Ends the run if a limit of the model has run out, because the result would be worthless. The
 * machine has no such limit.
 */
void expand_check_limits(const struct exploration *what);
/* Takes every step that can happen in the state. Returns false if the search has ended. */
bool expand(const struct exploration *what, struct result *result, u32 state);
