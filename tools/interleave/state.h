/* SPDX-License-Identifier: MIT */
/*
 * Whole states, taken as bytes and kept once each. A state is the protocol's data, the machine's,
 * and the live part of each CPU's stack.
 *
 * A state is cut into chunks. Equal chunks are stored once and have a number, and so are equal
 * groups of numbers, up to one number for the state (as in LTSmin's tree compression, Laarman et
 * al., SPIN 2011). So two states are the same if and only if their numbers are, and no hash
 * decides.
 */
#pragma once

#include "arch/model/machine.h"
#include "tools/interleave/explored.h"

/* Forgets all states. Memory holds the current one. cpus is the number of stacks. */
void states_reset(unsigned cpus);
/* Returns the number of the current state, counted from 0. Sets *fresh if it is new. */
u32 state_save(bool *fresh);
void state_load(u32 state);
/* Memory was changed by others, so the next state_load() trusts nothing. */
void state_spoiled(void);

size_t states_bytes(void); /* memory used by all of them */

extern struct room room_state; /* in chunks of 128 bytes */
