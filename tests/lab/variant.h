/* SPDX-License-Identifier: MIT */
/* A variant from its address space to its verdict. */
#pragma once

#include "tests/lab/cell.h"
#include "tests/lab/lab.h"

struct outcome {
	enum verdict verdict;
	const char *complaint; /* NULL, or what the lab found wrong beside the verdict: a failure */
	u32 us;		       /* of the roles' run */
};

/* One round of a cell, by its script or as a probe. v is big and the caller's; it keeps what the
 * judge said until the next call. Guards that the command line switched off are off besides the
 * cell's. */
struct outcome variant_run(struct variant *v, const struct scenario *scenario,
			   const struct cell *cell, enum lab_mode mode);

/* The pieces, for those who play many rounds in one variant. Between begin and end guards and
 * choices are the cell's. */
void variant_begin(struct variant *v, const struct scenario *scenario, const struct cell *cell,
		   enum lab_mode mode);
/* Calls rounds(v, role, context) for each role on its CPU, with the variant's space loaded, all at
 * the same time; returns when all have. False: hardware and software walker did not reach the same
 * frame. */
typedef void rounds_t(struct variant *v, unsigned role, void *context);
bool variant_play(struct variant *v, rounds_t *rounds, void *context);
/* The cell's guards, or all of them on: on any CPU, the others stand at a meeting. Choices stay. */
void variant_guards(const struct variant *v, bool as_the_cell);
/* On any CPU, no role active, guards on: as at the beginning. NULL, or what is wrong with the round's frames.
 */
const char *variant_again(struct variant *v);
/* NULL, or what is wrong: frames, references, a deadlock that was broken. */
const char *variant_end(struct variant *v);
