/* SPDX-License-Identifier: MIT */
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
