/* SPDX-License-Identifier: MIT */
/* Follows a counterexample once more and notes the items for a schedule. */
#pragma once

#include "tools/interleave/item.h"
#include "tools/interleave/exploration.h"

struct journal {
	struct item *items;
	unsigned nr;
	struct op *ops; /* of its steps, from 0 */
};

/* The caller frees both arrays. */
struct journal journal_of(const struct exploration *what, const struct result *result);
