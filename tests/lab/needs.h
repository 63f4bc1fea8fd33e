/* SPDX-License-Identifier: MIT */
/* The needs of scenarios, compared with this machine. */
#pragma once

#include "kernel/types.h"

/* Returns NULL, or why this machine has fewer CPUs than `least`. */
const char *missing_cpus(unsigned least);
/* Returns NULL, or why this machine lacks one of these needs (needs.def), in the words of a
 * SKIP. */
const char *missing_need(u32 needs);
