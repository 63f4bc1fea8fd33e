/* SPDX-License-Identifier: MIT */
/*
 * No plain access to shared data in what is explored: the compiler keeps such an access for itself,
 * and one interleaving is all that is seen of it. Scenario code is compiled with -fsanitize=thread
 * and linked with callbacks of ours (plain.c), as mm/ is in tests/self/unit/plain_access.c. A byte
 * that one CPU touches plainly and another touches in any way, one of them writing, stops the CPU
 * that comes second. What a role keeps to itself or for the judge may be plain.
 */
#pragma once

#include "kernel/compiler.h"

/* Nobody has touched anything; from here on it is told of marked accesses (sharing.h). */
void plain_reset(void);
/* What was touched so far is remembered, but nobody is stopped. */
void plain_learn_only(bool learn);
