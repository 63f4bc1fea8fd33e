/* SPDX-License-Identifier: MIT */
/* Values of command line words that are a port's own: exit=, console=. (strcmp() is the kernel's.)
 */
#pragma once

#include "kernel/compiler.h"

static inline bool word_is(const char *name, const char *other)
{
	while (*name && *name == *other) {
		name++;
		other++;
	}
	return *name == *other;
}
