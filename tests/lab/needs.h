/* SPDX-License-Identifier: MIT */
/* What this machine lacks. */
#pragma once

#include "kernel/types.h"

/* NULL, or why this machine has fewer CPUs than that. */
const char *missing_cpus(unsigned least);
/* NULL, or why this machine lacks one of these needs (needs.def), in the words of a SKIP. */
const char *missing_need(u32 needs);
