/* SPDX-License-Identifier: MIT */
/*
 * A spin of the explored source: included ahead of every file (-include). The explorer sees who
 * stands where, so nothing is published and nobody watches; a CPU looks at its condition again when
 * something has changed since it last began to look.
 */
#pragma once

#include <stdint.h>

void explore_wait_begin(void);
void model_wait(uint32_t kind);
void explore_wait_end(void);

#define wait_until(condition, kind, whom)                                                          \
	({                                                                                         \
		explore_wait_begin();                                                              \
		while (!(condition))                                                               \
			model_wait(kind);                                                          \
		explore_wait_end();                                                                \
		(void)sizeof(whom);                                                                \
		true;                                                                              \
	})
