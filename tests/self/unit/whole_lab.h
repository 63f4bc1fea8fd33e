/* SPDX-License-Identifier: MIT */
/* All of the lab needed to run a variant, over the model, with one scenario of a test's own. */
#pragma once

#include <stdio.h>
#include <string.h>

#define IRQS_ON 1u /* returned by irq_save() of the model if interrupts were on */

#define on_race choreo_race
#include "tests/lab/choreo.c"
#undef on_race
#undef NO_ROLE
#define on_race free_race
#include "tests/lab/freerun.c"
#undef on_race
#include "tests/lab/entries.c"
#define record record_frame
#include "tests/lab/frames.c"
#undef record
#include "tests/lab/judge.c"
#include "tests/lab/rendezvous.c"
#include "tests/lab/trace.c"
#include "tests/lab/census.c"
#include "tests/lab/driver.c"
#include "tests/lab/oracles.c"
#include "tests/lab/oracles_plant.c"
#include "tests/lab/oracles_swap.c"
#include "tests/lab/spaces.c"
#define plant revived_plant
#include "tests/lab/revived.c"
#undef plant
#define run user_access_run
#include "tests/lab/user.c"
#undef run
#include "tests/program/code_page.c"
#include "tests/lab/process.c"
#define TESTED_VA ((vaddr_t)0x400)
#include "tests/lab/variant.c"
#define on_race scrub_race
#include "tests/lab/scrub.c"
#undef on_race
#include "tests/self/unit/lab_cpus.h"
#include "tests/self/unit/tap.h"

u32 run_seed;
struct options options;

static enum plant_id planted_id;
static struct variant v;

bool plant_is(enum plant_id id)
{
	return id == planted_id;
}

bool planted(enum plant_id id)
{
	return id == planted_id;
}

void scenario_act_at(struct variant *of, unsigned role, enum race_point point)
{
	(void)of;
	(void)role;
	(void)point;
}

unsigned scenario_roles(const struct scenario *scenario)
{
	unsigned n = 0;

	while (n < MAX_ROLES && scenario->roles[n].run)
		n++;
	return n;
}

bool cell_must_break(const struct cell *cell)
{
	return cell->expect == EXPECT_BREAKS;
}

void cell_choices(const struct cell *cell, u8 *choice)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice[id] = cell->values[id] ? cell->values[id] : choice_default[id];
}

static const struct step replayed[] = {STEP(0, role_middle)};

struct script replay_script(void)
{
	return (struct script)STEPS(replayed);
}

static inline void fresh(void)
{
	machine_reset();
	cpus_take_turns();
	options = (struct options){.idle_role = MAX_ROLES, .iters = 1000};
	planted_id = NR_PLANTS;
	code_page = NULL; /* the frames are new */
	wait_deadline_s = 10;
}
