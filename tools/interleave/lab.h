/* SPDX-License-Identifier: MIT */
/* A cell of the lab as an exploration: the scenario's own setup, roles, acts and judge. */
#pragma once

#include "tools/interleave/exploration.h"
#include "tools/interleave/variant.h"

/* Every row that can have it has hardware that fills TLBs by itself. */
extern bool lab_filling;
/* How many frames of a zone must be left; for a self-test. */
extern unsigned lab_spare_frames;

/* What the ends come to (struct result, class[]). */
enum {
	CLASS_HELD,
	CLASS_NO_EVIDENCE,
	CLASS_VIOLATED,
	CLASS_COMPLAINT,
};

/* All of the state as at power-on: so many CPUs, free frames, no space loaded, guards on, choices
 * at their defaults. */
void lab_reset(unsigned nr_cpus);
/* What explore() wants, for the cell that was prepared. */
struct exploration lab_exploration(u32 max_states);
