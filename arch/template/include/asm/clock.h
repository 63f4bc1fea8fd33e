/* SPDX-License-Identifier: MIT */
/* Monotonic time since boot. Say of which clock. */
#pragma once

#include "arch/asm-generic/clock.h"
