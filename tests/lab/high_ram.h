/* SPDX-License-Identifier: MIT */
/* Whether this machine's RAM above 4 GiB is what the end-to-end rows take it for. */
#pragma once

#include "kernel/types.h"

/* NULL, or why frames above 4 GiB cannot be used here: there are none, or one of them is the frame
 * at its address mod 4 GiB in disguise (hw/above-4G shows which). Looked at once. */
const char *high_ram_problem(void);
