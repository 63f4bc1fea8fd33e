/* SPDX-License-Identifier: MIT */
/* Whether this machine keeps top-level entries in registers, loaded with the root. */
#pragma once

#include "kernel/types.h"

/* Looked at once, on this CPU, in a space of its own; interrupts on. */
bool top_entries_cached(void);
