/* SPDX-License-Identifier: MIT */
/* Cuts the state in memory into chunks and numbers their contents. */
#include "tools/interleave/state.h"

#include <asm/smp.h>

#include <string.h>

#include "kernel/printk.h"
#include "tools/interleave/coroutine.h"
#include "tools/interleave/intern.h"

#define CHUNK	   128u
#define FAN	   16u
#define MAX_GROUPS 48u
#define MAX_CHUNKS (MAX_GROUPS * FAN)
#define NO_GROUP   (~0u)

static struct intern chunks, groups, roots;
struct room room_state = {"a state has more data than MAX_GROUPS", MAX_CHUNKS, 0};

/* The chunks of a state in memory, with their contents as far as we know. */
static u8 *place[MAX_CHUNKS];
static u8 known[MAX_CHUNKS][CHUNK];
static u32 current[MAX_CHUNKS]; /* the number of the chunk in memory */
static u32 current_group[MAX_GROUPS];
static unsigned nr_chunks, nr_groups, nr_cpus;
static unsigned first_of_stack[MODEL_CPUS + 1];
static bool spoiled;

static void add_places(u8 *from, size_t size)
{
	for (size_t i = 0; i < size; i += CHUNK) {
		if (!room_for(&room_state, nr_chunks + 1))
			panic("a state has more than %u bytes: see MAX_GROUPS",
			      room_state.size * CHUNK);
		place[nr_chunks++] = from + i;
	}
}

void states_reset(unsigned cpus)
{
	intern_reset(&chunks, CHUNK);
	intern_reset(&groups, FAN * sizeof(u32));
	nr_chunks = 0;
	nr_cpus = cpus;
	add_places(__start_explored_state,
		   (size_t)(__stop_explored_state - __start_explored_state));
	for (unsigned n = 0; n < cpus; n++) {
		u8 *low;

		coroutine_window(n, &low);
		first_of_stack[n] = nr_chunks;
		add_places(low, STACK_WINDOW);
	}
	first_of_stack[cpus] = nr_chunks;
	nr_groups = ALIGN_UP((nr_chunks + FAN - 1) / FAN, 2); /* a block is a multiple of 8 bytes */
	intern_reset(&roots, nr_groups * sizeof(u32));
	for (unsigned i = nr_chunks; i < MAX_CHUNKS; i++)
		current[i] = 0;
	spoiled = true;
}

/* Numbers what has changed in [from, to). */
static void look(unsigned from, unsigned to)
{
	bool fresh;

	for (unsigned i = from; i < to; i++) {
		if (!spoiled && !memcmp(known[i], place[i], CHUNK))
			continue;
		memcpy(known[i], place[i], CHUNK);
		current[i] = intern(&chunks, known[i], &fresh);
		current_group[i / FAN] = NO_GROUP;
	}
}

/* A stack below its live part counts as zero, and is zero when its CPU goes on. So its contents do
 * not depend on the CPU that ran before. */
static void look_at_stack(unsigned n)
{
	u8 *low;
	size_t live = coroutine_window(n, &low);

	memset(low, 0, STACK_WINDOW - live);
	look(first_of_stack[n], first_of_stack[n + 1]);
}

u32 state_save(bool *fresh)
{
	u32 ran = coroutines_that_ran();
	bool ignored;

	look(0, first_of_stack[0]);
	for (unsigned n = 0; n < nr_cpus; n++)
		if (spoiled || ran & BIT(n))
			look_at_stack(n);
	for (unsigned i = 0; i < nr_groups; i++)
		if (spoiled || current_group[i] == NO_GROUP)
			current_group[i] = intern(&groups, current + i * FAN, &ignored);
	spoiled = false;
	return intern(&roots, current_group, fresh);
}

static void load_chunk(unsigned i, u32 wanted)
{
	if (!spoiled && current[i] == wanted)
		return;
	memcpy(known[i], intern_block(&chunks, wanted), CHUNK);
	memcpy(place[i], known[i], CHUNK);
	current[i] = wanted;
}

void state_load(u32 state)
{
	const u32 *wanted = intern_block(&roots, state);

	for (unsigned g = 0; g < nr_groups; g++) {
		const u32 *chunk = intern_block(&groups, wanted[g]);

		if (!spoiled && current_group[g] == wanted[g])
			continue;
		for (unsigned i = g * FAN; i < (g + 1) * FAN && i < nr_chunks; i++)
			load_chunk(i, chunk[i % FAN]);
		current_group[g] = wanted[g];
	}
	spoiled = false;
	coroutines_that_ran();
}

void state_spoiled(void)
{
	spoiled = true;
}

size_t states_bytes(void)
{
	return intern_bytes(&chunks) + intern_bytes(&groups) + intern_bytes(&roots);
}
