/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot, from the GIC's counter of 64 bits, shared by all CPUs. Not for
 * verdicts. */
#pragma once

#include "arch/asm-generic/clock.h"
