/* SPDX-License-Identifier: MIT */
/*
 * A spin of the explored source: included ahead of every file (-include). The explorer sees who
 * stands where, so nothing is published and nobody watches; a CPU looks at its condition again when
 * something has changed since it last began to look, or sleeps, where CPUs do (CAP_NAP).
 */
#pragma once

#include <stdint.h>

void explore_wait_begin(void);
void explore_wait_step(uint32_t kind);
void explore_wait_end(void);

#define wait_until(condition, kind, whom)                                                          \
	({                                                                                         \
		explore_wait_begin();                                                              \
		while (!(condition))                                                               \
			explore_wait_step(kind);                                                   \
		explore_wait_end();                                                                \
		(void)sizeof(whom);                                                                \
		true;                                                                              \
	})
