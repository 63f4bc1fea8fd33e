/* SPDX-License-Identifier: MIT */
/* A counterexample followed once more, with what a schedule is made of. */
#pragma once

#include "tools/interleave/item.h"
#include "tools/interleave/exploration.h"

struct journal {
	struct item *items;
	unsigned nr;
	struct op *ops; /* of its steps, from 0 */
};

/* The caller's to free: both. */
struct journal journal_of(const struct exploration *what, const struct result *result);
