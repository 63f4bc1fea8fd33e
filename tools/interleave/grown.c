/* SPDX-License-Identifier: MIT */
/* Memory for states, of which there is never enough. */
#include "tools/interleave/grown.h"

#include <stdlib.h>

#include "kernel/printk.h"

void *grown(void *memory, size_t bytes)
{
	memory = realloc(memory, bytes);
	if (!memory)
		panic("out of memory: %zu bytes of states", bytes);
	return memory;
}
