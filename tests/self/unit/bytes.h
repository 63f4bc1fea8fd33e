/* SPDX-License-Identifier: MIT */
/* Tables in the layout of firmware and boot loaders, as little-endian bytes. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"

struct bytes {
	u8 at[4096];
	size_t size;
};

static inline void put8(struct bytes *b, size_t at, u8 value)
{
	b->at[at] = value;
	if (b->size < at + 1)
		b->size = at + 1;
}

static inline void put32(struct bytes *b, size_t at, u32 value)
{
	for (unsigned i = 0; i < 4; i++)
		put8(b, at + i, (u8)(value >> 8 * i));
}

static inline void put64(struct bytes *b, size_t at, u64 value)
{
	put32(b, at, (u32)value);
	put32(b, at + 4, (u32)(value >> 32));
}

static inline void put_text(struct bytes *b, size_t at, const char *text)
{
	do
		put8(b, at++, (u8)*text);
	while (*text++);
}

/*
 * Returns exactly n bytes of the heap, so a read past them stops the program (ASan). free() them.
 */
static inline u8 *exact_copy(const u8 *from, size_t n)
{
	u8 *copy = malloc(n ? n : 1);

	if (n)
		memcpy(copy, from, n);
	return copy;
}

/* Sets the byte at `where` so that the n bytes sum to zero. */
static inline void set_checksum(u8 *p, size_t n, size_t where)
{
	u8 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (u8)(sum + p[i]);
	p[where] = (u8)(p[where] - sum);
}

/* Changes a few bytes to anything, or to typical errors in lengths and counts. */
static inline void damage(struct bytes *b, struct random *random)
{
	static const u8 likely_values[] = {0, 1, 2, 7, 8, 0x7f, 0x80, 0xff};

	for (u32 n = 1 + random_below(random, 6); n--;) {
		u32 at = random_below(random, (u32)b->size);

		b->at[at] = random_next(random) & 1 ? likely_values[random_below(random, 8)]
						    : (u8)random_next(random);
	}
}
