/* SPDX-License-Identifier: MIT */
/* Who came by which race point, in order: what judges look at and witnesses print. */
#pragma once

#include "tests/lab/lab.h"

#define TRACE_SIZE 128u

struct trace_entry {
	struct race_site site;
	u64 value;
	u8 role;
};

/* No role is active. */
void trace_reset(void);
/* From any CPU, any state: the index is taken by one atomic operation, so the trace itself is the
 * order. */
void trace_add(unsigned role, const struct race_site *site, u64 value);

/* The role has come by a point at which it does its part; a role that did nothing is never "done".
 * On its CPU, or when no role is active. */
bool trace_took_part(unsigned role);

/* No role is active, here and below. lost: entries for which there was no room. */
const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost);
/* Did role 1, the one that changes things, do so while role 0 was at work? */
bool trace_overlapped(void);
/* Some role published a wait. */
bool trace_blocked(void);
