/* SPDX-License-Identifier: MIT */
/*
 * Whole states: the protocol's data, the machine's, and the live part of each CPU's stack, taken as
 * bytes and kept once each.
 *
 * A state is cut into chunks; equal chunks are stored once and have a number, equal groups of
 * numbers again, up to one number for the state (as in LTSmin's tree compression: Laarman et al.,
 * SPIN 2011). So two states are the same if and only if their numbers are: no hash decides.
 */
#pragma once

#include "tools/interleave/explored.h"

/* No state is known; what is in memory is the current one. cpus: how many stacks there are. */
void states_reset(unsigned cpus);
/* The number of the current state, counted from 0; *fresh: it was not known. */
u32 state_save(bool *fresh);
void state_load(u32 state);
/* Memory was changed by others: the next state_load() trusts nothing. */
void state_spoiled(void);

size_t states_bytes(void); /* what all of them take */
