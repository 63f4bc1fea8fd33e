/* SPDX-License-Identifier: MIT */
/* Blocks of one size, each kept once, numbered from 0 in the order of their arrival. */
#pragma once

#include "kernel/compiler.h"

struct intern {
	size_t size; /* of a block, a multiple of 8 bytes */
	u8 *blocks;
	u32 nr, capacity;
	u32 *slots; /* number + 1, or 0 if empty. Open addressing */
	u32 nr_slots;
};

void intern_reset(struct intern *set, size_t size);
u32 intern(struct intern *set, const void *block, bool *fresh);

static inline const void *intern_block(const struct intern *set, u32 n)
{
	return set->blocks + (size_t)n * set->size;
}

size_t intern_bytes(const struct intern *set);
