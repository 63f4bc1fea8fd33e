/* SPDX-License-Identifier: MIT */
/* Memory for states. */
#pragma once

#include "kernel/compiler.h"

/* Memory, NULL at first, has so many bytes from here on. Stops if there are no more. */
void *grown(void *memory, size_t bytes);
