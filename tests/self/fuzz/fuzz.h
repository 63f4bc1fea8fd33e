/* SPDX-License-Identifier: MIT */
/*
 * One harness for each parser. LLVMFuzzerTestOneInput() gives it an input, and checks the result by
 * MUST(). `make fuzz` links it with libFuzzer, which makes inputs. `make test` links it with
 * replay.c, which reads them from tests/self/fuzz/corpus/<parser>. The sanitizers catch reads
 * outside of an input, and undefined behaviour.
 */
#pragma once

#include <stdio.h>

#include "tests/self/unit/bytes.h"

/* data has size bytes, on the heap, ending where they end. Returns 0. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: must hold, and does not: %s\n", __FILE__,          \
				__LINE__, #condition);                                             \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The rest of an input. Reads behind its end are 0. */
struct input {
	const u8 *at;
	size_t left;
};

/* Returns the next n bytes, little-endian. n is at most 8. */
static inline u64 take_number(struct input *input, unsigned n)
{
	u64 value = 0;

	for (unsigned i = 0; i < n && input->left; i++, input->left--)
		value |= (u64)*input->at++ << 8 * i;
	return value;
}

/* Returns the next n bytes, or fewer with their number in *n. */
static inline const u8 *take_bytes(struct input *input, size_t *n)
{
	const u8 *bytes = input->at;

	if (*n > input->left)
		*n = input->left;
	input->at += *n;
	input->left -= *n;
	return bytes;
}
