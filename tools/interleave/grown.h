/* SPDX-License-Identifier: MIT */
/* Memory for states. */
#pragma once

#include "kernel/compiler.h"

/*
 * Returns the memory, at least so many bytes large. Pass NULL at first. Stops if there is no more.
 */
void *grown(void *memory, size_t bytes);
