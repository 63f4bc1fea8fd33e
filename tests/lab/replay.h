/* SPDX-License-Identifier: MIT */
/*
 * lab.replay=<cell>:<role>@<point>[#<nth>],...  An interleaving that the explorer found, as a
 * script: one cell of the one scenario that run= names, by its number there.
 *
 * Each place of the list is where a role has to come to before another may go on: the first one's
 * role alone begins; when it gets to its place it is held, and the role of the next place goes on
 * from where it is held, up to that place; and so on. After the last place all go on. nth: the
 * role's how many-th time at that point, from its beginning (default: the first).
 */
#pragma once

#include "tests/lab/lab.h"

/* Reads the value of the option for this scenario; refuses, naming what is wrong with it. */
void replay_read(const char *value, const struct scenario *scenario);
/* What replay_read() read. */
const struct cell *replay_cell(void);
struct script replay_script(void);
