/* SPDX-License-Identifier: MIT */
/* Tests that tools/interleave/intern.c keeps each block once, through all growth and collisions. */
#include "tools/interleave/intern.h"

#include <malloc.h>
#include <string.h>

#include "tests/self/unit/tap.h"

#define MANY 5000u

static struct intern set;

static void one_of_each(void)
{
	u64 a[2] = {1, 2}, first[2] = {9, 2}, last[2] = {1, 9};
	bool fresh = false;

	intern_reset(&set, sizeof(a));
	CHECK(intern_bytes(&set) == 0, "an empty set takes nothing");
	CHECK(intern(&set, a, &fresh) == 0 && fresh, "the first block has number 0");
	CHECK(intern(&set, a, &fresh) == 0 && !fresh, "and is known from then on");
	CHECK(intern(&set, first, &fresh) == 1 && fresh,
	      "one that differs in its first word is another");
	CHECK(intern(&set, last, &fresh) == 2 && fresh, "so is one that differs in its last");
	CHECK(intern(&set, first, &fresh) == 1 && !fresh && intern(&set, a, &fresh) == 0 && !fresh,
	      "numbers stay");
	CHECK(!memcmp(intern_block(&set, 0), a, sizeof(a)) &&
		      !memcmp(intern_block(&set, 1), first, sizeof(a)) &&
		      !memcmp(intern_block(&set, 2), last, sizeof(a)),
	      "a number gives the bytes back");
	CHECK(intern_bytes(&set) == 3 * (16 + 8), "three blocks, with two slots each");
	intern_reset(&set, 8);
	CHECK(!set.nr && intern(&set, &a[1], &fresh) == 0 && fresh, "a reset forgets all of it");
}

/* Each one is found under its own number, and none was new. */
static bool all_found(unsigned nr)
{
	bool fresh = false, good = true;

	for (u64 i = 0; i < nr; i++)
		good = good && intern(&set, &(u64[3]){i, 0, i}, &fresh) == i && !fresh;
	return good && set.nr == nr;
}

static void growth(void)
{
	static const u32 capacity[] = {1024, 2048, 4096, 8192};
	unsigned grown = 0;
	bool fresh, good = true;

	intern_reset(&set, 24);
	for (u64 i = 0; i < MANY; i++) {
		good = good && intern(&set, &(u64[3]){i, 0, i}, &fresh) == i && fresh;
		if (i + 1 == capacity[grown]) {
			CHECK(set.capacity == i + 1, "%u blocks have room", set.capacity);
			CHECK(all_found((unsigned)i + 1), "in which all are found");
		} else if (i == capacity[grown]) {
			grown++;
			CHECK(set.capacity == capacity[grown] && set.nr_slots == 2 * set.capacity,
			      "one more doubles it, with two slots for each");
			CHECK(all_found((unsigned)i + 1), "in which all are found again");
		}
	}
	CHECK(good && grown == 3, "%u blocks, numbered in the order in which they came", MANY);
	CHECK(all_found(MANY), "and found by it");
}

/* Takes slots from the last one of the table on, so that the search goes on at the first. */
static void around_the_end(void)
{
	u64 block = 77;
	bool fresh;

	intern_reset(&set, 8);
	for (u32 i = 0; i < 1023; i++)
		intern(&set, &(u64){i + 1000}, &fresh);
	/* All slots but one have another block, so the search has to go round to the free one. */
	for (u32 i = 0; i < set.nr_slots; i++)
		set.slots[i] = i == 5 ? 0 : 1;
	CHECK(intern(&set, &block, &fresh) == 1023 && fresh && set.slots[5] == 1024,
	      "the search goes round until a slot is free");
	CHECK(intern(&set, &block, &fresh) == 1023 && !fresh, "and finds it there again");
}

/* As often as it is filled and emptied. */
static void no_leak(void)
{
	size_t before = 0;
	bool fresh;

	for (unsigned round = 0; round < 8; round++) {
		struct mallinfo2 heap = mallinfo2();

		if (round < 3)
			before = heap.uordblks + heap.hblkhd;
		else if (round == 7)
			CHECK(heap.uordblks + heap.hblkhd == before, "memory is given back");
		intern_reset(&set, 8);
		for (u64 i = 0; i < MANY; i++)
			intern(&set, &i, &fresh);
	}
}

int main(void)
{
	one_of_each();
	growth();
	around_the_end();
	no_leak();
	return tap_done();
}
