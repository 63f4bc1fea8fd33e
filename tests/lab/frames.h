/* SPDX-License-Identifier: MIT */
/* The arena of a variant. */
#pragma once

#include "tests/lab/lab.h"

/* Not mapped any more: gives all frames but the first `keep` back. NULL, or what is wrong with one.
 */
const char *frames_release(struct variant *v, unsigned keep);

/* For plants: a store to the free frame that is the next to be handed out. */
void frames_write_free(void);
/* While no role is active: from here on a free frame that turns out to be written is no end of the
 * run, and nothing else is recorded. */
void frames_watch(void);
/* Since then one did. */
bool frames_damaged(void);
/* Nothing of a variant is left: looks at the free frames that were in use, and makes them good.
 * Returns whether one was written. */
bool frames_scrub(void);
