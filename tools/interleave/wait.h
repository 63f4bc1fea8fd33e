/* SPDX-License-Identifier: MIT */
/*
 * A spin of the explored source, included ahead of every file (-include). The explorer sees the
 * place of every CPU, so nothing is published and no CPU watches. A CPU tests its condition again
 * after something has changed since its last test began. Where CPUs sleep (CAP_NAP), it sleeps.
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
