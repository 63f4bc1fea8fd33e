/* SPDX-License-Identifier: MIT */
/* The mappings of the space of mappings.h as text, and checks of a result and of all mappings. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "tests/self/unit/mappings.h"

/* The mappings as text: "[2 5 rw-]" are the pages 2 to 4. */
static const char *maps(void)
{
	static char text[1000];
	char *end = text;

	*end = 0;
	for (u32 i = 0; i < mm.nr_vmas; i++)
		end += sprintf(end, "%s[%lu %lu %c%c%c]", i ? " " : "",
			       (mm.vmas[i].start - MIN) / PAGE_SIZE,
			       (mm.vmas[i].end - MIN) / PAGE_SIZE,
			       mm.vmas[i].flags & VM_READ ? 'r' : '-',
			       mm.vmas[i].flags & VM_WRITE ? 'w' : '-',
			       mm.vmas[i].flags & VM_EXEC ? 'x' : '-');
	return text;
}

#define IS(call, expected, ...)                                                                    \
	do {                                                                                       \
		long is_ = (long)(call);                                                           \
		CHECK(is_ == (long)(expected), __VA_ARGS__);                                       \
		if (is_ != (long)(expected))                                                       \
			printf("# it is %ld\n", is_);                                              \
	} while (0)
#define MAPS(expected, ...)                                                                        \
	do {                                                                                       \
		CHECK(!strcmp(maps(), expected), __VA_ARGS__);                                     \
		if (strcmp(maps(), expected))                                                      \
			printf("# they are %s\n", maps());                                         \
	} while (0)
