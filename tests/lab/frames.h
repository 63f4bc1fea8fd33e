/* SPDX-License-Identifier: MIT */
/* The arena of a variant. */
#pragma once

#include "tests/lab/lab.h"

/* Gives back all frames but the first `keep`. Call when they are not mapped any more. Returns NULL
 * or a complaint about one of them. */
const char *frames_release(struct variant *v, unsigned keep);

/* For plants. Stores to the free frame next to be handed out. */
void frames_write_free(void);
/* From here on a free frame found written does not end the run, and nothing else is recorded. Call
 * while no role is active. */
void frames_watch(void);
/* Returns whether one was found since frames_watch(). */
bool frames_damaged(void);
/* Checks and repairs the free frames that were in use. Call when nothing of a variant is left.
 * Returns whether one was written. */
bool frames_scrub(void);
