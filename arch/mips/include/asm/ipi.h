/* SPDX-License-Identifier: MIT */
/*
 * Inter-processor interrupts, by one edge-triggered GIC source for each CPU and kind, routed to a
 * CPU interrupt of its own. A send is an uncached store and may overtake cached ones, so callers
 * need an smp_mb() before it.
 */
#pragma once

#include "arch/asm-generic/ipi.h"
