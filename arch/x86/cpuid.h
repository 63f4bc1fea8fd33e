/* SPDX-License-Identifier: MIT */
/* The CPUID instruction (SDM vol. 2, "CPUID"). */
#pragma once

#include "kernel/compiler.h"

struct cpuid {
	u32 a, b, c, d;
};

/* Executes CPUID for subleaf 0. The highest leaf is EAX of leaf 0, and larger ones have no
 * meaning. */
struct cpuid x86_cpuid(u32 leaf);
