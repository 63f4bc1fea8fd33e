/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot: the TSC, measured once against the PIT. Not for verdicts. */
#pragma once

#include "arch/asm-generic/clock.h"
