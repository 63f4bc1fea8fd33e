/* SPDX-License-Identifier: MIT */
/* A break for each ending of a cell, found by the explorer under this name. */
#include <string.h>

#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

/* The numbers of v->value, for words shared by the roles. */
enum {
	ONE,
	TWO,
	THREE,
};

/* The numbers of v->flag. */
enum {
	NO,	/* never set, so a compiler cannot know a size */
	RESULT, /* of an action, because the compiler would drop it otherwise */
};

static enum verdict judge(struct variant *v)
{
	lab_evidence(v, "both came to their end");
	return HELD;
}

/* --- an increment of shared data, neither marked nor locked --- */

static void count(struct variant *v)
{
	v->value[ONE]++;
}

/* --- each waits for the other --- */

static void wait_for_second(struct variant *v)
{
	wait_until(READ_ONCE(v->value[TWO]), WAIT_JOB, 0);
	WRITE_ONCE(v->value[ONE], 1);
}

static void wait_for_first(struct variant *v)
{
	wait_until(READ_ONCE(v->value[ONE]), WAIT_JOB, 0);
	WRITE_ONCE(v->value[TWO], 1);
}

/* --- a frame never given back --- */

static void leak(struct variant *v)
{
	v->flag[RESULT] = alloc_page(ZONE_DIRECT);
}

/* --- a look too late, with the end never seen --- */

static void spin(struct variant *v)
{
	while (READ_ONCE(v->value[ONE]) != 1)
		;
}

static void pulse(struct variant *v)
{
	WRITE_ONCE(v->value[ONE], 1);
	WRITE_ONCE(v->value[ONE], 2);
}

/* --- other plain accesses, with a marked write of the second word by the other role --- */

static void write_second(struct variant *v)
{
	WRITE_ONCE(v->value[TWO], 1);
}

static void read(struct variant *v)
{
	WRITE_ONCE(v->flag[RESULT], v->value[TWO]);
}

static u64 *both(struct variant *v)
{
	return (u64 *)(void *)v->value;
}

/* Both words at once. */
static void wide(struct variant *v)
{
	WRITE_ONCE(v->flag[RESULT], *both(v) == 1);
}

/* This is no part of a state. */
static u32 elsewhere;

static void outside(struct variant *v)
{
	WRITE_ONCE(v->flag[RESULT], ++elsewhere == 1);
}

/* An address on another CPU's stack. */
static u32 *on_stack EXPLORED;

static void stack(struct variant *v)
{
	u32 mine = 0;

	if (cpu_id()) {
		wait_until(READ_ONCE(on_stack), WAIT_JOB, 0);
		WRITE_ONCE(v->value[TWO], *READ_ONCE(on_stack));
		WRITE_ONCE(v->value[THREE], 1);
	} else {
		WRITE_ONCE(on_stack, &mine);
		wait_until(READ_ONCE(v->value[THREE]), WAIT_JOB, 0);
	}
}

/* The compiler says nothing of these calls of the C library. */

static void fill(struct variant *v)
{
	memset(v->value, 0, sizeof(v->value));
}

static void copy(struct variant *v)
{
	memcpy(v->value + 4, v->value, READ_ONCE(v->flag[NO]) + 8);
}

static void move(struct variant *v)
{
	memmove(v->value + 2, v->value, READ_ONCE(v->flag[NO]) + 8);
}

static void compare(struct variant *v)
{
	unsigned size = READ_ONCE(v->flag[NO]) + 8;

	WRITE_ONCE(v->flag[RESULT], memcmp(v->value, v->value + 4, size));
}

#define ENDING(id, text)                                                                           \
	.name = "explore/ends-" id, .rule = "a self-test of the explorer: " text,                  \
	.reference = "docs/explorer.md", .mode = MODE_EXPLORED, .judge = judge

SCENARIO(ends_plain) = {
	ENDING("plain", "shared data is touched by marked accesses"),
	.roles = {{"first", count}, {"second", count}},
	CELLS(HISTORICAL("a plain increment", BY(STOP))),
};

#define ENDS_PLAIN(how, other)                                                                     \
	SCENARIO(ends_plain_##how) = {                                                             \
		ENDING("plain-" #how, "shared data is not touched by any plain access"),           \
		.roles = {{"first", how}, {"second", other}},                                      \
		CELLS(HISTORICAL("a plain access", BY(STOP))),                                     \
	}

ENDS_PLAIN(read, write_second);
ENDS_PLAIN(wide, write_second);
ENDS_PLAIN(outside, write_second);
ENDS_PLAIN(stack, stack);
ENDS_PLAIN(fill, write_second);
ENDS_PLAIN(copy, write_second);
ENDS_PLAIN(move, write_second);
ENDS_PLAIN(compare, write_second);

SCENARIO(ends_deadlock) = {
	ENDING("deadlock", "nobody waits for one that waits for him"),
	.roles_meet = true,
	.roles = {{"first", wait_for_second}, {"second", wait_for_first}},
	CELLS(HISTORICAL("each waits for the other", BY(DEADLOCK))),
};

SCENARIO(ends_complaint) = {
	ENDING("complaint", "every frame is given back"),
	.roles = {{"first", leak}, {"second", lab_stand_by}},
	CELLS(HISTORICAL("a frame is kept", BY(COMPLAINT))),
};

SCENARIO(ends_spin) = {
	ENDING("spin", "what a role spins on is what another one changes"),
	.roles = {{"first", spin}, {"second", lab_stand_by}},
	CELLS(HISTORICAL("nobody changes it", BY(STOP))),
};

SCENARIO(ends_livelock) = {
	ENDING("livelock", "what is waited for stays"),
	.roles_meet = true,
	.roles = {{"first", spin}, {"second", pulse}},
	CELLS(HISTORICAL("what is waited for passes by", BY(LIVELOCK))),
};
