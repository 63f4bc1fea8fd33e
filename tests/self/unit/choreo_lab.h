/* SPDX-License-Identifier: MIT */
/* tests/lab/choreo.c with a script of the test's own. While one CPU is parked the others run in the
 * hook of its pauses. */
#pragma once
#include <stdio.h>
#include <string.h>

#define IRQS_ON 1u /* returned by irq_save() of the model if interrupts were on */
#include "tests/lab/choreo.c"
#include "arch/model/machine.h"
#include "tests/self/unit/did.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

static enum plant_id plant;
static struct step steps[MAX_SCRIPT];
static struct variant v;
static const struct scenario scenario = {
	.name = "pte/one",
	.roles = {{.name = "walker"}, {.name = "writer"}, {.name = "third"}},
};
static bool irqs_while_recording, recorded_without_lock;
static unsigned resets;

bool planted(enum plant_id id)
{
	return id == plant;
}

void trace_reset(void)
{
	resets++;
}

void trace_add(unsigned role, const struct race_site *site, u64 value, u32 ticket)
{
	irqs_while_recording |= irqs_enabled();
	recorded_without_lock |= lab.lock != cpu_id() + 1;
	if (strlen(did) < 150)
		sprintf(did + strlen(did), "%u@%s=%u#%u ", role, race_name[site->point],
			(unsigned)value, ticket);
}

void scenario_act_at(struct variant *of, unsigned role, enum race_point point)
{
	CHECK(of == &v, "the acts of this variant");
	sprintf(did + strlen(did), "replayed:%u@%s ", role, race_name[point]);
}

static inline void act(struct variant *of)
{
	CHECK(of == &v, "an act of this variant");
	strcat(did, "act ");
}

/* Puts roles 0, 1, 2 on CPUs 2, 1, 3, in choreo, with an empty script. */
static inline void fresh(unsigned nr_roles)
{
	machine_reset();
	wait_deadline_s = 10;
	memset(&lab, 0, sizeof(lab));
	memset(steps, 0, sizeof(steps));
	plant = NR_PLANTS;
	did[0] = 0;
	v = (struct variant){.scenario = &scenario,
			     .mode = MODE_CHOREO,
			     .script = {.steps = steps},
			     .nr_roles = nr_roles,
			     .cpu = {2, 1, 3, 0}};
}

static inline struct step *hold(unsigned i, unsigned role, enum race_point at)
{
	steps[i] = (struct step){.role = (u8)role, .at = (u8)at};
	if (v.script.nr <= i)
		v.script.nr = i + 1;
	return &steps[i];
}

static inline struct release reached(unsigned role, enum race_point point, unsigned times)
{
	return (struct release){
		.kind = RELEASE_REACHED, .role = (u8)role, .point = (u8)point, .times = (u8)times};
}

static inline struct release blocked(unsigned role)
{
	return (struct release){.kind = RELEASE_BLOCKED, .role = (u8)role};
}

static inline void reach_with(unsigned role, enum race_point point, u64 value)
{
	struct race_site site = {"walk", 7, (u16)point, "a.c"};

	AS_CPU(v.cpu[role], race_reached(&site, value));
}

static inline void reach(unsigned role, enum race_point point)
{
	reach_with(role, point, 0);
}

static inline void waits(unsigned role, enum wait_kind kind, unsigned other)
{
	reach_with(role, RACE_wait_spinning, (u64)kind << 32 | BIT(v.cpu[other]));
}

static inline void over(unsigned role)
{
	AS_CPU(v.cpu[role], choreo_role_over());
}

/* The actions of the others at each pause of a parked CPU, one after the other. It stays parked
 * until the last one. */
enum {
	TURNS = 8
};
struct turn {
	enum {
		NOTHING,
		REACHES,
		WAITS,
		OVER
	} what;
	u8 role, point, kind, other;
};
static const struct turn *turns;
static unsigned turn, left_early;

static inline void take_turn(void)
{
	const struct turn now = turns[turn++];

	if (now.what == REACHES)
		reach(now.role, now.point);
	else if (now.what == WAITS)
		waits(now.role, now.kind, now.other);
	else if (now.what == OVER)
		over(now.role);
	else
		left_early = 1000; /* no role is left to release it */
	if (left_early == 1000)
		panic("still parked");
}

/* The role arrives, and is held until exactly the last of the turns. */
static inline bool held_for(unsigned role, enum race_point point, const struct turn *what,
			    unsigned nr)
{
	turns = what;
	turn = left_early = 0;
	model_relax_hook = take_turn;
	if (PANICS(reach(role, point)))
		turn = 1000;
	model_relax_hook = NULL;
	return turn == nr && lab.word[role] == WORD_GO && !lab.parked[role] && !lab.lock;
}

#define HELD_FOR(role, point, ...)                                                                 \
	({                                                                                         \
		static const struct turn turns_[TURNS] = {__VA_ARGS__};                            \
		unsigned nr_ = 0;                                                                  \
                                                                                                   \
		while (turns_[nr_].what)                                                           \
			nr_++;                                                                     \
		held_for(role, RACE_##point, turns_, nr_);                                         \
	})
#define R(role_, point_)                                                                           \
	{                                                                                          \
		REACHES, role_, RACE_##point_, 0, 0                                                \
	}
#define W(role_, kind_, other_)                                                                    \
	{                                                                                          \
		WAITS, role_, 0, WAIT_##kind_, other_                                              \
	}
#define O(role_)                                                                                   \
	{                                                                                          \
		OVER, role_, 0, 0, 0                                                               \
	}
#define GOES(role, point)                                                                          \
	({                                                                                         \
		static const struct turn none_[1];                                                 \
		held_for(role, RACE_##point, none_, 0);                                            \
	})
