/* SPDX-License-Identifier: MIT */
/* The needs of scenarios, compared with this machine. */
#pragma once

#include "kernel/types.h"

/* Returns the words of a SKIP if this machine has fewer CPUs than `least`, otherwise NULL. */
const char *missing_cpus(unsigned least);
/* Returns the words of a SKIP if this machine lacks one of these needs (needs.def), otherwise
 * NULL. */
const char *missing_need(u32 needs);
