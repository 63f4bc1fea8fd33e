/* SPDX-License-Identifier: MIT */
/*
 * lab.plant=<name> tells the lab itself something wrong, to see each of its oracles speak
 * (plants.def). fault.* breaks the machine, but lab.plant= blinds or feeds the lab.
 */
#pragma once

#include "kernel/compiler.h"

#define PLANT(name, where, does, answer) PLANT_##name,
enum plant_id {
#include "tests/lab/plants.def"
	NR_PLANTS
};
#undef PLANT

/* A plant is for the lab, the explorer, or both. */
enum plant_where {
	PLANTS_LAB = BIT(0),
	PLANTS_EXPLORER = BIT(1),
	PLANTS_BOTH = PLANTS_LAB | PLANTS_EXPLORER,
};

/* Takes the option's value. Refuses an unknown plant, or one for the other program, and lists the
 * valid ones. */
void plant_choose(enum plant_where here, const char *value);
/* Returns whether to plant it. The caller then does so. On any CPU. */
bool planted(enum plant_id id);
/* As planted(), but says nothing about whether it happens. */
bool plant_is(enum plant_id id);
/* Prints one line with the plant and the answer it must get. Prints nothing without lab.plant=. */
void plant_announce(void);
/* Call after the run. If no CPU came to the plant, it shows nothing. Then prints a line about it
 * and returns false, and the run is incomplete. */
bool plant_report(void);
