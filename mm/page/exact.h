/* SPDX-License-Identifier: MIT */
/* Memory by bytes, for what the kernel keeps about spaces and files. Linux alloc_pages_exact(),
 * which gives the unused frames at the end back. */
#pragma once

#include "kernel/types.h"

/* Returns size bytes in directly mapped frames, with undefined contents, or NULL if out of memory.
 * size is not 0. */
void *alloc_pages_exact(size_t size);
/* Takes them back. size is the size that was asked for, or any other with the same exact_room(). at
 * may be NULL. */
void free_pages_exact(void *at, size_t size);
/* How many bytes the frames for this size have. */
size_t exact_room(size_t size);
