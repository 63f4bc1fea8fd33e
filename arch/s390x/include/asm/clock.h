/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot, from the time-of-day clock. Its bit 51 is a microsecond (Principles of
 * Operation, chapter 4, "Time-of-Day Clock"). Not for verdicts. */
#pragma once

#include "arch/asm-generic/clock.h"
