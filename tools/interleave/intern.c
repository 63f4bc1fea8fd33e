/* SPDX-License-Identifier: MIT */
/* Keeps each block once, finds it by a hash and compares all of its bytes. */
#include "tools/interleave/intern.h"

#include <stdlib.h>
#include <string.h>

#include "tools/interleave/grown.h"

#define FIRST 1024u

static u32 *empty_slots(size_t nr)
{
	return memset(grown(NULL, nr * sizeof(u32)), 0, nr * sizeof(u32));
}

void intern_reset(struct intern *set, size_t size)
{
	free(set->blocks);
	free(set->slots);
	*set = (struct intern){.size = size, .capacity = FIRST, .nr_slots = 2 * FIRST};
	set->blocks = grown(NULL, FIRST * size);
	set->slots = empty_slots(set->nr_slots);
}

static u32 hash(const struct intern *set, const u8 *block)
{
	u64 h = 0x9e3779b97f4a7c15ull, word;

	for (size_t i = 0; i < set->size; i += sizeof(word)) {
		memcpy(&word, block + i, sizeof(word));
		h = (h ^ word) * 0xff51afd7ed558ccdull;
		h ^= h >> 32;
	}
	return (u32)h;
}

/* Returns the block's slot, or the empty slot for it. */
static u32 *find(const struct intern *set, const void *block)
{
	u32 at = hash(set, block) & (set->nr_slots - 1);

	while (set->slots[at] && memcmp(intern_block(set, set->slots[at] - 1), block, set->size))
		at = (at + 1) & (set->nr_slots - 1);
	return &set->slots[at];
}

static void grow(struct intern *set)
{
	set->capacity *= 2;
	set->blocks = grown(set->blocks, set->capacity * set->size);
	free(set->slots);
	set->nr_slots = 2 * set->capacity;
	set->slots = empty_slots(set->nr_slots);
	for (u32 n = 0; n < set->nr; n++)
		*find(set, intern_block(set, n)) = n + 1;
}

u32 intern(struct intern *set, const void *block, bool *fresh)
{
	u32 *slot = find(set, block);

	*fresh = !*slot;
	if (*slot)
		return *slot - 1;
	if (set->nr == set->capacity) {
		grow(set);
		slot = find(set, block);
	}
	memcpy(set->blocks + (size_t)set->nr * set->size, block, set->size);
	*slot = ++set->nr;
	return set->nr - 1;
}

size_t intern_bytes(const struct intern *set)
{
	return set->nr * (set->size + 2 * sizeof(*set->slots));
}
