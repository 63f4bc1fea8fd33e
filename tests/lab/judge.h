/* SPDX-License-Identifier: MIT */
/* The verdict on a variant, for the runner and the explorer. */
#pragma once

#include "tests/lab/lab.h"

/* The scenario's own, and what it need not look for: a role's CPU found a free frame written; a
 * role did nothing, so nothing was shown, whatever the scenario's judge says. */
enum verdict lab_judge(struct variant *v);
