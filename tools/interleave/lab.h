/* SPDX-License-Identifier: MIT */
/* A cell of the lab as an exploration: the scenario's own setup, roles, acts and judge. */
#pragma once

#include "tests/lab/cell.h"
#include "tests/lab/lab.h"
#include "tools/interleave/search.h"

/* The scenario that is explored, as it is in the current state. */
extern struct variant variant;

/* Told of every race point that a CPU's part passes; NULL: nobody wants to know. */
extern void (*lab_passed)(unsigned cpu, unsigned point);

/* Every row that can have it has hardware that fills TLBs by itself. */
extern bool lab_filling;
/* How much of MAX_EVENTS there is, and how many frames of a zone must be left; for a self-test. */
extern unsigned lab_room_events, lab_spare_frames;

/* What the ends come to (struct result, class[]). */
enum {
	CLASS_HELD,
	CLASS_NO_EVIDENCE,
	CLASS_VIOLATED,
	CLASS_COMPLAINT,
};

/* scenario, cell and choices, for those who print them; nothing runs. */
void lab_prepare(const struct scenario *scenario, const struct cell *cell);
/* All of the state as at power-on: so many CPUs, free frames, no space loaded, guards on, choices
 * at their defaults. */
void lab_reset(unsigned nr_cpus);
/* What explore() wants, for the cell that was prepared. */
struct exploration lab_exploration(u32 max_states);
