/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot. Name the clock. */
#pragma once

#include "arch/asm-generic/clock.h"
