/* SPDX-License-Identifier: MIT */
/* The race points of the roles, in order. Judges look at them and witnesses print them. */
#pragma once

#include "tests/lab/lab.h"

#define TRACE_SIZE 128u

struct trace_entry {
	struct race_site site;
	u64 value;
	u32 ticket; /* grows with time, see trace_in_order() */
	u8 role;
};

/* Call while no role is active. */
void trace_reset(void);
/* Call from any CPU, in any state. One atomic operation takes the index, so the trace itself is
 * the order. The caller counts the ticket, for all roles or for each, to let trace_in_order()
 * check it. Of the naps of a wait, those after the first are left out while nothing else happens to
 * the role. */
void trace_add(unsigned role, const struct race_site *site, u64 value, u32 ticket);
/* Call while no role is active. Returns whether the tickets grow from entry to entry, or if
 * by_role, from one entry of a role to its next. */
bool trace_in_order(bool by_role);
#define TRACE_DISORDER "the trace is out of order"

/* Returns whether the role has come by a point of its part. A role without one is never "done".
 * Call on its CPU, or while no role is active. */
bool trace_took_part(unsigned role);

/* Call this and the functions below while no role is active. `lost` counts the entries without
 * room. */
const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost);
/* Returns whether role 1, the one with the changes, made them while role 0 was at work. */
bool trace_overlapped(void);
/* Returns whether a role published a wait. */
bool trace_blocked(void);
