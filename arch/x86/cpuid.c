/* SPDX-License-Identifier: MIT */
/* Asks the CPU for its abilities, in a file of its own so unit tests can answer instead. */
#include "arch/x86/cpuid.h"

struct cpuid x86_cpuid(u32 leaf)
{
	struct cpuid r;

	__asm__ __volatile__("cpuid"
			     : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
			     : "a"(leaf), "c"(0));
	return r;
}
