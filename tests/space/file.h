/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios of a file with one page. */
#pragma once

#include "tests/lab/process.h"

/* Makes the file, and maps it at the tested address. A mapping of two pages goes beyond its end. */
static inline bool map_file(struct variant *v, unsigned pages, u32 type)
{
	return lab_file(v, PAGE_SIZE, 0) &&
	       !is_error(do_mmap_file(&v->mm, v->files[0], 0, v->va, pages * PAGE_SIZE,
				      PROT_READ | PROT_WRITE, type | MAP_FIXED));
}
