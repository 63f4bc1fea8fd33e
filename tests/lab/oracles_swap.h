/* SPDX-License-Identifier: MIT */
/* The part of the oracles (oracles.h) for pages in swap. */
#pragma once

#include "tests/lab/census.h"

/* Counts an entry that is neither empty nor present. Returns NULL, or what is wrong with it. */
const char *swap_count_entry(const struct variant *v, struct census *census, vaddr_t va, pte_t pte);
/* Call when all entries are counted. Returns NULL, or what is wrong with a slot. */
const char *swap_look(const struct variant *v, const struct census *census);
/* Returns whether the swap cache has the page, and so one more reference on it. */
bool swap_has_cached(const struct page *page);
