/* SPDX-License-Identifier: MIT */
/*
 * lab.replay=<cell>:<role>@<point>[#<nth>],... makes a script of an interleaving found by the
 * explorer. It is for one cell, by its number, of the one scenario named by run=.
 *
 * Each place in the list is where a role has to come before another may go on. The role of the
 * first place begins alone and is held at its place. Then the role of the next place goes on from
 * where it is held up to its own place, and so on. After the last place all go on. nth counts the
 * role's arrivals at the point from its beginning, and is 1 by default.
 */
#pragma once

#include "tests/lab/lab.h"

/* Reads the value of the option for this scenario. Refuses a wrong value and names the mistake. */
void replay_read(const char *value, const struct scenario *scenario);
/* The results of replay_read(). */
const struct cell *replay_cell(void);
struct script replay_script(void);
