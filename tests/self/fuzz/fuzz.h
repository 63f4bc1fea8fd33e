/* SPDX-License-Identifier: MIT */
/*
 * One harness a parser: LLVMFuzzerTestOneInput() gives it an input and says by MUST() what has to
 * hold afterwards. `make fuzz` links it with libFuzzer, which makes inputs; `make test` with
 * replay.c, which reads them from tests/self/fuzz/corpus/<parser>. Reads outside of an input, and
 * undefined behaviour, are the sanitizers' to see.
 */
#pragma once

#include <stdio.h>

#include "tests/self/unit/bytes.h"

/* data: size bytes, on the heap, ending where they end. Returns 0. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: must hold, and does not: %s\n", __FILE__,          \
				__LINE__, #condition);                                             \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* What is left of an input. Reads behind its end are 0. */
struct input {
	const u8 *at;
	size_t left;
};

/* The next n bytes, little-endian; n: at most 8. */
static inline u64 take_number(struct input *input, unsigned n)
{
	u64 value = 0;

	for (unsigned i = 0; i < n && input->left; i++, input->left--)
		value |= (u64)*input->at++ << 8 * i;
	return value;
}

/* The next n bytes, or fewer: as many as *n then says. */
static inline const u8 *take_bytes(struct input *input, size_t *n)
{
	const u8 *bytes = input->at;

	if (*n > input->left)
		*n = input->left;
	input->at += *n;
	input->left -= *n;
	return bytes;
}
