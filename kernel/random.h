/* SPDX-License-Identifier: MIT */
/* Random numbers from the printed seed (seed=). The same seed gives the same sequence. */
#pragma once

#include "kernel/compiler.h"

struct random {
	u32 state; /* never 0 */
};

/* An independent stream for each (seed, stream). */
static inline struct random random_stream(u32 seed, u32 stream)
{
	u32 x = (seed ^ stream * 0x9e3779b9u) * 0x85ebca6bu;

	x ^= x >> 13;
	return (struct random){x ? x : 1};
}

/* Marsaglia's xorshift32. */
static inline u32 random_next(struct random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 17;
	r->state ^= r->state << 5;
	return r->state;
}

static inline u32 random_below(struct random *r, u32 n)
{
	return random_next(r) % n;
}
