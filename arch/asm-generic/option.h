/* SPDX-License-Identifier: MIT */
/* The values of a port's own options, exit= and console=. (strcmp() is the kernel's.) */
#pragma once

#include "kernel/compiler.h"

static inline bool option_is(const char *name, const char *other)
{
	while (*name && *name == *other) {
		name++;
		other++;
	}
	return *name == *other;
}
