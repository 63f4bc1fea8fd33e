/* SPDX-License-Identifier: MIT */
/*
 * lab.plant=<name>: what the lab itself is told wrong, so that each of its oracles is seen to speak
 * (plants.def). fault.* breaks the machine, lab.plant= blinds or feeds the lab.
 */
#pragma once

#include "kernel/compiler.h"

#define PLANT(name, where, does, answer) PLANT_##name,
enum plant_id {
#include "tests/lab/plants.def"
	NR_PLANTS
};
#undef PLANT

/* Where a plant can be planted. */
enum plant_where {
	PLANTS_LAB = BIT(0),
	PLANTS_EXPLORER = BIT(1),
	PLANTS_BOTH = PLANTS_LAB | PLANTS_EXPLORER,
};

/* The option's value. Refuses one that there is not here; the valid ones are listed. */
void plant_choose(enum plant_where here, const char *value);
/* Is it to be planted? Whoever asks plants it then. On any CPU. */
bool planted(enum plant_id id);
/* One line that says what is planted, and what must answer; nothing without lab.plant=. */
void plant_announce(void);
/* After the run. A plant that nobody came by shows nothing: then a line says so, and the run is
 * incomplete (false). */
bool plant_report(void);
