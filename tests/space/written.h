/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios in which a page of a file is written back while a program stores to it. */
#pragma once

#include "tests/space/file.h"

/* v->value. A scenario with more of them goes on from NR_WRITTEN. */
enum {
	ERROR, /* what the writeback returned */
	NR_WRITTEN
};

static inline void write_back(struct variant *v)
{
	v->value[ERROR] = (u32)file_writeback(v->files[0]);
}

static inline const char *written_outcome(const struct cached_page *cached)
{
	return !cached->store ? "not written" : cached->dirty ? "dirty" : "clean";
}

/* Whether a store went to the page after its copy, and nobody will write it back. */
static inline bool lost_store(const struct cached_page *cached)
{
	return cached->store && !cached->dirty && page_checksum(cached->page) != cached->checksum;
}

/* Whether a store went to the page after its checksum was made, and before its copy. */
static inline bool copied_late(const struct cached_page *cached)
{
	return cached->store && page_checksum(cached->store) != cached->checksum;
}
