/* SPDX-License-Identifier: MIT */
#include "tools/explore/state.h"

#include <asm/smp.h>

#include <string.h>

#include "kernel/printk.h"
#include "tools/explore/coroutine.h"
#include "tools/explore/intern.h"

#define CHUNK	   128u
#define FAN	   16u
#define MAX_CHUNKS (FAN * FAN)

static struct intern chunks, groups, roots;

/* The chunks of a state, where they are in memory, and what is there as far as we know. */
static u8 *place[MAX_CHUNKS];
static u8 known[MAX_CHUNKS][CHUNK];
static u32 current[MAX_CHUNKS]; /* number of the chunk that is there */
static unsigned nr_chunks, nr_cpus;
static bool spoiled;

static void add_places(u8 *from, size_t size)
{
	for (size_t i = 0; i < size; i += CHUNK) {
		assert(nr_chunks < MAX_CHUNKS);
		place[nr_chunks++] = from + i;
	}
}

/* A stack below what is live counts as zero, and is zero when its CPU goes on: what it finds there
 * does not depend on who ran before. */
static void clear_dead_stack(void)
{
	for (unsigned n = 0; n < nr_cpus; n++) {
		u8 *low;
		size_t live = coroutine_window(n, &low);

		memset(low, 0, STACK_WINDOW - live);
	}
}

void states_reset(unsigned cpus)
{
	intern_reset(&chunks, CHUNK);
	intern_reset(&groups, FAN * sizeof(u32));
	intern_reset(&roots, FAN * sizeof(u32));
	nr_chunks = 0;
	nr_cpus = cpus;
	add_places(__start_explored_state,
		   (size_t)(__stop_explored_state - __start_explored_state));
	for (unsigned n = 0; n < cpus; n++) {
		u8 *low;

		coroutine_window(n, &low);
		add_places(low, STACK_WINDOW);
	}
	spoiled = true;
}

static void look(unsigned i)
{
	bool fresh;

	if (!spoiled && !memcmp(known[i], place[i], CHUNK))
		return;
	memcpy(known[i], place[i], CHUNK);
	current[i] = intern(&chunks, known[i], &fresh);
}

u32 state_save(bool *fresh)
{
	u32 group[FAN] = {0};
	bool ignored;

	clear_dead_stack();
	for (unsigned i = 0; i < nr_chunks; i++)
		look(i);
	spoiled = false;
	for (unsigned i = nr_chunks; i < MAX_CHUNKS; i++)
		current[i] = 0;
	for (unsigned i = 0; i < FAN; i++)
		group[i] = intern(&groups, current + i * FAN, &ignored);
	return intern(&roots, group, fresh);
}

void state_load(u32 state)
{
	const u32 *group = intern_block(&roots, state);

	for (unsigned i = 0; i < nr_chunks; i++) {
		u32 wanted = ((const u32 *)intern_block(&groups, group[i / FAN]))[i % FAN];

		if (!spoiled && current[i] == wanted)
			continue;
		memcpy(known[i], intern_block(&chunks, wanted), CHUNK);
		memcpy(place[i], known[i], CHUNK);
		current[i] = wanted;
	}
	spoiled = false;
}

void state_spoiled(void)
{
	spoiled = true;
}

size_t states_bytes(void)
{
	return intern_bytes(&chunks) + intern_bytes(&groups) + intern_bytes(&roots);
}
