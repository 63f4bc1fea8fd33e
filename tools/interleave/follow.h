/* SPDX-License-Identifier: MIT */
/* One path through the states, taken again. */
#pragma once

#include "tools/interleave/exploration.h"

/* Takes the steps of `path`, a counterexample under a stronger memory model, with each store
 * reaching memory at once. If the rule is broken again, the path is a counterexample under this
 * model too. Call before anything else is explored. */
struct result explore_path(const struct exploration *what, const struct result *path);
