/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot, from the TSC, measured once against another counter. Not for
 * verdicts. */
#pragma once

#include "arch/asm-generic/clock.h"
