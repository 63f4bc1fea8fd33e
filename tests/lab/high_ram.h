/* SPDX-License-Identifier: MIT */
/* Whether this machine's RAM above 4 GiB is fit for the end-to-end scenarios. */
#pragma once

#include "kernel/types.h"

/* Returns NULL, or why frames above 4 GiB cannot be used here. Either there are none, or one of
 * them is the frame at its address mod 4 GiB in disguise (hw/above-4G shows which). Probes once. */
const char *high_ram_problem(void);
