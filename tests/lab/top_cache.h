/* SPDX-License-Identifier: MIT */
/* Whether this machine keeps top-level entries in registers, loaded with the root. */
#pragma once

#include "kernel/types.h"

/* Probes once, on this CPU, in a space of its own. Call with interrupts on. */
bool top_entries_cached(void);
