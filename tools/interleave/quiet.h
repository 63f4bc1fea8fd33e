/* SPDX-License-Identifier: MIT */
/* The states in which memory as it is must follow every rule. */
#pragma once

#include "mm/table/mm_struct.h"

/* No CPU is inside an operation of the protocol, and no store is on its way. */
bool quiet_everywhere(void);
/* No earlier operation on the space has deferred any work, and no role holds its lock. */
bool quiet_space(const struct mm *mm);
