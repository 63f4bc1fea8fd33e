/* SPDX-License-Identifier: MIT */
/* A cell of the lab as an exploration, with the scenario's own setup, roles, acts and judge. */
#pragma once

#include "tools/interleave/exploration.h"
#include "tools/interleave/variant.h"

/* Lets the hardware of every suitable row fill TLBs by itself. */
extern bool lab_filling;
extern struct room room_frames; /* of a zone */

/* The classes of ends (struct result, class[]). */
enum {
	CLASS_HELD,
	CLASS_NO_EVIDENCE,
	CLASS_VIOLATED,
	CLASS_COMPLAINT,
};

/* Sets the whole state as at power-on, with `nr_cpus` CPUs, free frames, no space loaded, guards on
 * and choices at their defaults. */
void lab_reset(unsigned nr_cpus);
/* Returns the argument of explore() for the prepared cell. */
struct exploration lab_exploration(u32 max_states);
