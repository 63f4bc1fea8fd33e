/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot: the GIC's shared counter, 64 bits, one for all CPUs. Not for
 * verdicts. */
#pragma once

#include "arch/asm-generic/clock.h"
