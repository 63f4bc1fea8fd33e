/* SPDX-License-Identifier: MIT */
/* One path through the states, taken again. */
#pragma once

#include "tools/interleave/exploration.h"

/* Takes the steps of `path`, a counterexample under a stronger memory model, with each store
 * reaching memory at once: if the rule is broken again it is one under this model too. Call it
 * before anything else is explored. */
struct result explore_path(const struct exploration *what, const struct result *path);
