/* SPDX-License-Identifier: MIT */
/* From a counterexample to the metal: the options by which a machine must fail in the same way. */
#pragma once

#include "tools/interleave/exploration.h"

/* If the option `replay` asks for it: "# ev=replay" of the cell that was prepared: options="..."
 * for a kernel, or reason="...", why no machine can be made to follow it. n: the point that it
 * belongs to. */
void print_replay(unsigned n, const struct exploration *what, const struct result *result);
