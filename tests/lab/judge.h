/* SPDX-License-Identifier: MIT */
/* The verdict on a variant, for the runner and the explorer. */
#pragma once

#include "tests/lab/lab.h"

/* Returns the verdict of the scenario's judge, with two exceptions. If a role's CPU found a free
 * frame written, the rule is VIOLATED. If a role did nothing, nothing was shown, so it is
 * NO_EVIDENCE. */
enum verdict lab_judge(struct variant *v);
