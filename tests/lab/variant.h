/* SPDX-License-Identifier: MIT */
/* The life of a variant, from its address space to its verdict. */
#pragma once

#include "tests/lab/cell.h"
#include "tests/lab/lab.h"

struct outcome {
	enum verdict verdict;
	const char *complaint; /* NULL, or a failure found by the lab beside the verdict */
	u32 us;		       /* of the roles' run */
};

/* Runs one round of a cell, by its script or as a probe. v is big and the caller's. It keeps the
 * judge's words until the next call. The command line may switch off guards besides the cell's. */
struct outcome variant_run(struct variant *v, const struct scenario *scenario,
			   const struct cell *cell, enum lab_mode mode);

/* The pieces, for callers with many rounds in one variant. Between begin and end, guards and
 * choices are the cell's. */
void variant_begin(struct variant *v, const struct scenario *scenario, const struct cell *cell,
		   enum lab_mode mode);
/* Calls rounds(v, role, context) for each role on its CPU, all at the same time, with the variant's
 * space loaded. Returns when all have returned. The result is false if hardware and software walker
 * did not reach the same frame. */
typedef void rounds_t(struct variant *v, unsigned role, void *context);
bool variant_play(struct variant *v, rounds_t *rounds, void *context);
/* Sets the cell's guards, or all of them on. Choices stay. Call on any CPU while the others stand
 * at a meeting. */
void variant_guards(const struct variant *v, bool as_the_cell);
/* Puts everything as it was at the beginning. Call on any CPU with no role active and guards on.
 * Returns NULL or a complaint about the round's frames. */
const char *variant_again(struct variant *v);
/* Returns NULL or a complaint about frames, references, or a broken deadlock. */
const char *variant_end(struct variant *v);
