/* SPDX-License-Identifier: MIT */
/*
 * Finds plain accesses to shared data in the explored code. The compiler may merge or drop such an
 * access, and only one interleaving of it is seen. Scenario code is compiled with -fsanitize=thread
 * and linked with our callbacks (plain.c), as mm/ is in tests/self/unit/plain_access.c. If one CPU
 * touches a byte plainly and another touches it in any way, and one of them writes, the second CPU
 * stops. A role's private data and its results for the judge may be plain.
 */
#pragma once

#include "kernel/compiler.h"

/* Forgets all accesses. From here on marked accesses come in through sharing_marked (sharing.h). */
void plain_reset(void);
/* While set, remembers accesses and stops no CPU. */
void plain_learn_only(bool learn);
